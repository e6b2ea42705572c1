"""Many prompts: jobs, and their rows in parquet.

`entries` reads a file line by line; `job` says what a job is and cuts it into parts; `job_folder` keeps
finished parts, each whole or not there. `measuring` puts prompts of one length together; `prompt_rows` and
`component_rows` make the rows of `schema`; `relations` says what a key is to its query. `running` is the
loop of one machine, `ray_running` has Ray Data do the same; `task_entries` makes entries of the small
world's tasks.

- A job's parts are fixed by its file, not by time. So a job that goes on, a worker that is replaced and a
  run on Ray make the same files, and what is finished is known by looking at the folder alone.
- Prompts in one run do not see each other: a test holds the sums of each against those that it has alone.
"""
