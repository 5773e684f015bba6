"""Run: the way from the due sources to a published database; ordinary functions that know nothing of Prefect."""
