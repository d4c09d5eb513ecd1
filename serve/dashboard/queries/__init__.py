"""The numbers of each page, by SQL on the published marts. Money in USD, rates 0 to 1."""
