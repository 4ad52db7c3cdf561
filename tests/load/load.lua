-- For wrk: asks for the lines of the file LOAD_PATHS, one after another, round and round, from one chosen by LOAD_FROM;
-- counts statuses; prints what came of it as one line of JSON.
-- SPDX-License-Identifier: BSD-3-Clause
local paths, next_path, thread = {}, tonumber(os.getenv("LOAD_FROM") or "0"), nil
for line in io.lines(os.getenv("LOAD_PATHS")) do
  paths[#paths + 1] = line
end
counts = {}

function setup(one)
  thread = one
end

function request()
  next_path = next_path % #paths + 1
  return wrk.format("GET", paths[next_path])
end

function response(status)
  local name = tostring(status)
  counts[name] = (counts[name] or 0) + 1
end

function done(summary, latency)
  local statuses = {}
  for status, count in pairs(thread:get("counts")) do
    statuses[#statuses + 1] = string.format('"%s": %d', status, count)
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "bytes": %d, "p50": %f, "p90": %f, "p99": %f, "p99.9": %f, "max": %f, "broken": %d, "statuses": {%s}}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3, latency:percentile(90) / 1e3,
    latency:percentile(99) / 1e3, latency:percentile(99.9) / 1e3, latency.max / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout, table.concat(statuses, ", ")))
end
