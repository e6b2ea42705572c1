"""Many prompts: jobs, their rows in parquet, and what the rows say together."""
