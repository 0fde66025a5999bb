"""The same work with xberg (PyPI): text, main content of HTML, ten YAKE key words, an extractive summary, as JSON Lines.

run_xberg.py FOLDER OUT.jsonl
"""

import asyncio
import json
import pathlib
import sys

import xberg

MEDIA_TYPES = {".txt": "text/plain", ".html": "text/html"}
BATCH = 200


def config():
    clean = xberg.PreprocessingOptions(enabled=True, preset="aggressive", remove_navigation=True, remove_forms=True)
    return xberg.ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        max_concurrent_extractions=2,
        keywords=xberg.KeywordConfig(algorithm="yake", max_keywords=10, language="en"),
        summarization=xberg.SummarizationConfig(strategy="extractive", max_tokens=120),
        html_options=xberg.ConversionOptions(preprocessing=clean),
    )


def source(path):
    media_type = MEDIA_TYPES[path.suffix]
    return xberg.ExtractInput(kind="bytes", bytes=path.read_bytes(), mime_type=media_type, filename=path.name)


async def main(folder, out):
    paths = sorted(path for path in pathlib.Path(folder).rglob("*") if path.is_file())
    settings = config()
    with open(out, "w", encoding="utf-8") as lines:
        for start in range(0, len(paths), BATCH):
            batch = await xberg.extract_batch([source(path) for path in paths[start : start + BATCH]], settings)
            for document in batch.results:
                record = {
                    "text": document.content,
                    "keywords": [keyword.text for keyword in document.extracted_keywords or []],
                    "summary": document.summary.text if document.summary else None,
                }
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")


asyncio.run(main(sys.argv[1], sys.argv[2]))
