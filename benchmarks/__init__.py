"""The scales and the stopwatch: what injectors weigh and cost, with the limits that they keep."""
