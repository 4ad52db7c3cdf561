/// Gets blocks of remote files: out of the cache, else from their servers, in whole blocks, several
/// in one request where they lie side by side. What a server says is believed only where it is
/// right to the byte; what may pass is tried again.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/net/range_caller.hpp"
#include "core/remote/block_store.hpp"
#include "core/remote/hosts.hpp"
#include "core/remote/wire.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace recorte::remote {

struct FetchOptions {
  std::vector<std::string> origins;  ///< config::parse_webhook_host
  std::vector<net::Network> networks;
  S3 s3;
  std::filesystem::path cache;
  BlockStore::Bounds bounds;
  std::int64_t block = 256 << 10;  ///< bytes
  Micros fresh = 60'000'000;       ///< how long nobody asks whether a file has changed
  Micros connect = 10'000'000, timeout = 30'000'000;  ///< of a question, with all its attempts
  std::int64_t attempts = 3;
  Micros pause = 250'000;    ///< after the first attempt; each further one is twice as long
  std::filesystem::path ca;  ///< "": the system's
};

/// Waits so long at most; whether what is asked is not wanted any more.
using Stop = std::function<bool(Micros)>;

class Fetcher {
 public:
  static Result<std::unique_ptr<Fetcher>> open(FetchOptions options);

  /// The answer to a question, but for its id. kNotFound; kUnavailable: not from there, its server
  /// does not answer, or lies, or the file changed; kCancelled. Names the file. `caller` is made of
  /// callers(), one for each thread. [any thread]
  Answer fetch(const Question& question, net::RangeCaller& caller, const Stop& stop);
  net::RangeCaller::Options callers() const;

 private:
  struct State {
    std::int64_t size = 0;
    std::string validator;
  };
  /// A question on its way.
  struct Errand {
    const std::string& uri;
    Place place;
    net::RangeCaller& caller;
    const Stop& stop;
  };
  Fetcher(FetchOptions options, Hosts hosts, std::unique_ptr<BlockStore> store)
      : options_(std::move(options)), hosts_(std::move(hosts)), store_(std::move(store)) {}

  Result<State> now(const Errand& errand);
  Status find(const Errand& errand, const State& state, const std::vector<std::int64_t>& blocks,
              std::vector<Fd>& out);
  Status get(const Errand& errand, const State& state, std::int64_t first, std::int64_t count,
             const std::function<void(std::int64_t, Fd)>& take);
  Result<net::RangeAnswer> ask(const Errand& errand, const net::RangeAsk& what);
  net::RangeAnswer ask_once(const Errand& errand, net::RangeAsk what, Micros whole);

  std::string name(const std::string& uri, const State& state, std::int64_t block) const;
  void remember(const std::string& uri, const State& state);

  const FetchOptions options_;
  const Hosts hosts_;
  const std::unique_ptr<BlockStore> store_;
};

}  // namespace recorte::remote
