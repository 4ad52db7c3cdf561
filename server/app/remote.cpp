// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/remote.hpp"

#include "core/fits/remote_file.hpp"

#include <utility>

namespace recorte::app {

std::function<Result<Fd>(const worker::Readable&)> links_to(
    std::shared_ptr<remote::Service> service) {
  return [service = std::move(service)](const worker::Readable& readable) -> Result<Fd> {
    std::vector<std::string> beginnings;
    for (const auto& path : readable)
      if (fits::is_remote(path.native())) beginnings.push_back(path.native());
    if (!service || beginnings.empty()) return Fd();
    return service->connect(std::move(beginnings));
  };
}

}  // namespace recorte::app
