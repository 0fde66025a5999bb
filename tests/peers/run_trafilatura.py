"""The same work with trafilatura (PyPI): the article of each page of a folder, and its speed in pages per CPU-second.

run_trafilatura.py FOLDER
"""

import pathlib
import sys
import time

import trafilatura


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    pages = [path.read_bytes() for path in sorted(pathlib.Path(sys.argv[1]).iterdir()) if path.is_file()]
    # What is loaded at the first page is not counted.
    trafilatura.extract(pages[0])
    begin = time.process_time()
    read = sum(trafilatura.extract(page) is not None for page in pages)
    seconds = time.process_time() - begin
    print(f"{read} of {len(pages)} pages, {len(pages) / seconds:.0f} pages per CPU-second")


main()
