/// A job's list as it was accepted: every product that it makes, in the order of the list, with
/// what the user said of it. Written once and fsynced before the job is accepted; read by number
/// through a mapping, so that a list of any length costs a server little memory.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/request.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::batch {

/// One product of a job.
struct Planned {
  std::uint64_t row = 0;  ///< of the list, from 1
  std::string id;         ///< the user's, as sent; several rows may have the same
  std::string name;       ///< of its file, with its ending; no two products of a job share it
  std::string request;    ///< canonical (core/cutout/request.hpp)
  std::vector<std::string> columns;  ///< the list's other columns, as sent, in their order
};

class PlanWriter {
 public:
  /// `columns`: names of the list's other columns.
  static Result<PlanWriter> create(const std::filesystem::path& file,
                                   const std::vector<std::string>& columns);
  PlanWriter(PlanWriter&&) noexcept;
  PlanWriter& operator=(PlanWriter&&) noexcept;
  /// Leaves no file behind where finish() was not called.
  ~PlanWriter();
  Status add(const Planned& product);
  /// fsyncs file and directory, then gives it its name.
  Status finish();

 private:
  struct State;
  explicit PlanWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// [any thread]
class Plan {
 public:
  /// kData names the file where it is broken or of another form.
  static Result<Plan> open(const std::filesystem::path& file);
  Plan(Plan&&) noexcept;
  Plan& operator=(Plan&&) noexcept;
  ~Plan();
  std::size_t size() const;  ///< products
  const std::vector<std::string>& columns() const;
  Planned product(std::size_t number) const;  ///< from 0
  /// kData where the text is of another program's.
  Result<cutout::CutoutRequest> request(std::size_t number) const;

 private:
  struct State;
  explicit Plan(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace recorte::batch
