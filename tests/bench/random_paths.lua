-- For wrk: asks for the lines of the file BENCH_PATHS, one after another, round and round.
-- SPDX-License-Identifier: BSD-3-Clause
local paths, next_path = {}, 0
for line in io.lines(os.getenv("BENCH_PATHS")) do
  paths[#paths + 1] = line
end

request = function()
  next_path = next_path % #paths + 1
  return wrk.format("GET", paths[next_path])
end
