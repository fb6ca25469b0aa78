"""The Python run host of Corescope."""
