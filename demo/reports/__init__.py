"""How each marketplace's reports look: SQL that words the company's rows, headers, file quirks."""
