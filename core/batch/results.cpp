// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/results.hpp"

#include "core/batch/pack_index.hpp"

#include <string>
#include <utility>

namespace recorte::batch {

Result<std::shared_ptr<const Results>> Results::open(const std::filesystem::path& directory,
                                                     const std::vector<std::int64_t>& tasks) {
  auto plan = Plan::open(directory / kPlanFile);
  if (!plan) return fail(std::move(plan).error());
  std::shared_ptr<Results> out(new Results(std::move(*plan)));
  out->places_.resize(out->plan_.size());
  for (const auto task : tasks) {
    auto pack = Pack::open(directory, task);
    if (!pack) return fail(std::move(pack).error());
    const auto number = static_cast<std::uint32_t>(out->packs_.size());
    for (std::size_t item = 0; item < (*pack)->size(); ++item) {
      const auto product = (*pack)->slot(item).product;
      if (product >= out->places_.size())
        return fail(ErrorCode::kData, pack_file(directory, task).string() + " has a product " +
                                          std::to_string(product) + "; the job has only " +
                                          std::to_string(out->places_.size()));
      out->places_[product] = {number, static_cast<std::uint32_t>(item)};
    }
    out->tally_.work_us += (*pack)->tally().work_us;
    out->packs_.push_back(std::move(*pack));
  }
  for (const auto& place : out->places_)
    if (place.pack < out->packs_.size())
      count(out->tally_, out->packs_[place.pack]->slot(place.item));
  return out;
}

std::optional<Results::Found> Results::product(std::size_t number) const {
  if (number >= places_.size() || places_[number].pack >= packs_.size()) return {};
  const auto& place = places_[number];
  return Found{packs_[place.pack], place.item};
}

job::Tally Results::tally() const { return tally_; }

}  // namespace recorte::batch
