-- What wrk has counted, as JSON.
done = function(summary, latency, requests)
  io.write(string.format(
    '{"count": %d, "seconds": %f, "bytes": %d, "status": %d, "broken": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e6, latency:percentile(99) / 1e6))
end
