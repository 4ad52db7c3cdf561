// SPDX-License-Identifier: BSD-3-Clause
#include "core/job/job.hpp"

namespace recorte::job {

Tally& Tally::operator+=(const Tally& other) {
  ok += other.ok;
  partial += other.partial;
  no_coverage += other.no_coverage;
  failed += other.failed;
  bytes += other.bytes;
  work_us += other.work_us;
  return *this;
}

Tally& Tally::operator-=(const Tally& other) {
  ok -= other.ok;
  partial -= other.partial;
  no_coverage -= other.no_coverage;
  failed -= other.failed;
  bytes -= other.bytes;
  work_us -= other.work_us;
  return *this;
}

}  // namespace recorte::job
