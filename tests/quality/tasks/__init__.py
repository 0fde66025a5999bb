"""A module a task: how the documents of its sets are given to docmill, by which stages, and what of the records is held against the gold.

A module of this folder states

- `SCORER`, the script in the sets' `scorers`, and `figures(name)`, what it prints that goes into the table, of the set of that name;
- `STAGES`, whose time is told; the whole run's where there are none; `COPIES` of the set at most;
- `source(gold, record)`, the document of a record: one of the functions of `sources`;
- `stages(record)`, the list of stages as it stands in a pipeline file;
- `prediction(outcome)`, what the scorer is to see of a record, of the `Outcome` of its document.
"""
