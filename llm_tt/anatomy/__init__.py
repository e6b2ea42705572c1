"""One to three layers at one position, down to single neurons: what flows where, and how each part reads."""

from llm_tt.anatomy.building import flow as flow
