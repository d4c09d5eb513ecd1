"""Sources to `RAW_DIR`: a run of a source lands as one folder of typed Parquet and a manifest."""

__version__ = "0.1.0"
