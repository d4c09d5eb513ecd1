"""Exchange rates: the ECB's history from a wheel, fresher over HTTP, and the owner's own."""
