"""The durable store on PostgreSQL: set operations on asyncpg, split by verb; one class joins them."""

from potok.adapters.store_postgres.connection import engine_pool
from potok.adapters.store_postgres.store import PostgresStore

__all__ = ["PostgresStore", "engine_pool"]
