// SPDX-License-Identifier: BSD-3-Clause
#include "core/check/asking.hpp"

#include <algorithm>
#include <chrono>

namespace recorte::check {
namespace {

struct Taker {
  Answer& answer;
  const Manner& manner;

  static recorte_status add(const recorte_source_sink* sink, const recorte_source* source) {
    auto& self = *static_cast<Taker*>(sink->ctx);
    auto& answer = self.answer;
    // One more than may be is noted, for whoever does not stop.
    if (answer.sources.size() > self.manner.most) return self.manner.refusal;
    auto taken = cutout::copy(source);
    if (!taken) {
      answer.malformed = taken.error().message;
      return RECORTE_INTERNAL;
    }
    answer.sources.push_back(*std::move(taken));
    answer.cut_short = answer.sources.size() >= self.manner.most;
    return answer.cut_short ? self.manner.refusal : static_cast<recorte_status>(RECORTE_OK);
  }
};

}  // namespace

recorte_region circle(double ra, double dec, double radius) {
  recorte_region out{};
  out.struct_size = sizeof out;
  out.kind = RECORTE_CIRCLE;
  out.ra = ra;
  out.dec = dec;
  out.radius = radius;
  return out;
}

recorte_region whole_sky() { return circle(0, 0, 180); }

std::set<std::string> Answer::ids() const {
  std::set<std::string> out;
  for (const auto& source : sources) out.insert(source.id);
  return out;
}

bool Answer::has(const std::string& id) const {
  return std::ranges::any_of(sources, [&](const auto& source) { return source.id == id; });
}

Answer find(const cutout::Survey& survey, const Question& question, const Manner& manner) {
  std::vector<recorte_str> bands;
  for (const auto& band : question.bands) bands.push_back(cutout::str(band));
  const recorte_query query{sizeof query,
                            static_cast<std::uint32_t>(bands.size()),
                            cutout::str(question.release),
                            cutout::str(question.image),
                            bands.data(),
                            &question.region,
                            question.t_min,
                            question.t_max};
  plugin::Call::Options options;
  options.request_id = "check";
  options.cancelled = manner.cancelled;
  options.poll_cancelled = manner.poll_cancelled;
  const plugin::Call call(std::move(options));
  Answer answer;
  Taker taker{answer, manner};
  const recorte_source_sink sink{sizeof sink, 0, &taker, Taker::add};
  auto error = plugin::make_error();
  const auto since = std::chrono::steady_clock::now();
  try {
    answer.status = survey.table->find(manner.self ? manner.self : survey.self, call.raw(), &query,
                                       &sink, &error);
  } catch (...) {
    answer.threw = true;
  }
  answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
  answer.message.assign(error.message, ::strnlen(error.message, sizeof error.message));
  return answer;
}

std::string said(const Answer& answer) {
  if (answer.threw) return "an exception through the C interface";
  if (!answer.malformed.empty()) return "a source that is malformed: " + answer.malformed;
  return "status " + std::to_string(answer.status) +
         (answer.message.empty() ? "" : " (" + answer.message + ")");
}

std::vector<Lying> lying(const Answer& all, std::size_t most) {
  std::vector<Lying> out;
  const auto step = std::max<std::size_t>(1, all.sources.size() / most);
  for (std::size_t i = 0; i < all.sources.size(); i += step)
    if (auto footprint = sky::parse_s_region(all.sources[i].s_region))
      out.push_back({all.sources[i], *std::move(footprint)});
  return out;
}

}  // namespace recorte::check
