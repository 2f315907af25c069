"""Charts, spreadsheets, pages and documents: bytes out of typed data. Their libraries are optional."""
