"""Why a score changed, what it would take, what if, and how sure: figures fetched, answers put together."""
