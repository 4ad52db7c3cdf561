// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/results.hpp"

#include "core/batch/pack_index.hpp"
#include "core/batch/places.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace recorte::batch {
namespace {

bool is_made(const PackSlot& slot) {
  return slot.status == ItemStatus::kOk || slot.status == ItemStatus::kPartial;
}

Result<std::vector<account::Need>> needs_of(const Plan& plan, const Pack& pack, std::size_t item) {
  if (const auto said = pack.needs(item); !said.empty())
    return std::vector(said.begin(), said.end());
  const auto request = plan.request(pack.slot(item).product);
  if (!request) return fail(request.error());
  account::Need out;
  out.survey = request->survey;
  out.release = request->release;
  out.noted = false;
  return std::vector{std::move(out)};
}

}  // namespace

Result<std::shared_ptr<const Results>> Results::open(const std::filesystem::path& directory,
                                                     const std::vector<std::int64_t>& tasks,
                                                     const std::shared_ptr<const Results>& before) {
  auto plan = Plan::open(plan_file(directory));
  if (!plan) return fail(std::move(plan).error());
  std::shared_ptr<Results> out(new Results(std::move(*plan)));
  out->places_.resize(out->plan_.size());
  out->packs_.reserve(tasks.size());
  // Null for a task whose pack was in trouble: it is not believed by its index alone.
  std::unordered_map<std::int64_t, std::shared_ptr<const Pack>> known;
  if (before) {
    for (const auto& [task, pack] : before->packs_) known[task] = pack->is_stale() ? nullptr : pack;
    for (const auto task : before->missing_) known[task] = nullptr;
  }
  const auto take = [&](std::int64_t task) -> Status {
    const auto kept = known.find(task);
    if (kept != known.end() && kept->second) return out->add({task, kept->second}, directory);
    auto pack = Pack::open(directory, task);
    if (!pack) return fail(std::move(pack).error());
    if (kept != known.end()) RECORTE_TRY((*pack)->check());
    return out->add({task, std::move(*pack)}, directory);
  };
  for (const auto task : tasks) {
    const auto taken = take(task);
    if (taken) continue;
    const auto& error = taken.error();
    if (error.code != ErrorCode::kNotFound && error.code != ErrorCode::kData) return fail(error);
    if (out->missing_.empty()) out->why_missing_ = error.message;
    out->missing_.push_back(task);
  }
  for (const auto& place : out->places_)
    if (place.pack < out->packs_.size())
      count(out->tally_, out->packs_[place.pack].pack->slot(place.item));
  return out;
}

Status Results::add(OfTask of, const std::filesystem::path& directory) {
  std::vector<std::size_t> products(of.pack->size());
  for (std::size_t item = 0; item < products.size(); ++item) {
    const auto product = products[item] = of.pack->slot(item).product;
    if (product >= places_.size())
      return fail(ErrorCode::kData, pack_file(directory, of.task).string() + " has a product " +
                                        std::to_string(product) + "; the job has only " +
                                        std::to_string(places_.size()));
  }
  std::unordered_set<std::uint32_t> told;
  for (std::size_t item = 0; item < products.size(); ++item) {
    const auto slot = of.pack->slot(item);
    if (!is_made(slot) || (slot.needs > 0 && !told.insert(slot.needs).second)) continue;
    const auto needs = needs_of(plan_, *of.pack, item);
    if (!needs) return fail(needs.error());
    needs_.insert(needs->begin(), needs->end());
  }
  const auto number = static_cast<std::uint32_t>(packs_.size());
  for (std::size_t item = 0; item < products.size(); ++item)
    places_[products[item]] = {number, static_cast<std::uint32_t>(item)};
  tally_.work_us += of.pack->tally().work_us;
  packs_.push_back(std::move(of));
  return {};
}

std::optional<Results::Found> Results::product(std::size_t number) const {
  if (number >= places_.size() || places_[number].pack >= packs_.size()) return {};
  const auto& place = places_[number];
  return Found{packs_[place.pack].pack, place.item};
}

Result<std::vector<account::Need>> Results::needs(std::size_t product) const {
  const auto found = this->product(product);
  if (!found || !is_made(found->pack->slot(found->item))) return std::vector<account::Need>();
  return needs_of(plan_, *found->pack, found->item);
}

job::Tally Results::tally() const { return tally_; }

std::vector<std::int64_t> Results::missing() const { return missing_; }

bool Results::is_stale() const {
  return std::ranges::any_of(packs_, [](const auto& of) { return of.pack->is_stale(); });
}

}  // namespace recorte::batch
