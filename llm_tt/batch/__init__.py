"""Many prompts: jobs, and their rows in parquet."""
