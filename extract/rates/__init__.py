"""Reference exchange rates of the European Central Bank, from a wheel: no network needed."""
