"""Alembic's revisions, run by ``kiosk.storage.schema`` without an alembic.ini.

A new revision: change ``tables.py``, write ``versions/rev_NNNN_what.py`` that brings the revision
before it there without importing ``tables.py`` (which moves on), and set ``schema.HEAD``.
``tests/storage/test_schema.py`` proves that migrated and new databases are the same.
"""
