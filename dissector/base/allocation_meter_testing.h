// What a benchmark reports of its allocations.
#ifndef SESSENUM_BASE_ALLOCATION_METER_TESTING_H_
#define SESSENUM_BASE_ALLOCATION_METER_TESTING_H_

#include <benchmark/benchmark.h>

#include <cstddef>

#include "base/allocation_count_testing.h"

namespace sessenum {

// Runs `call` as the body of a benchmark, once before it is timed: what follows is the steady state. Reports
// `allocations`, how often a call asked for memory.
template <typename Call>
void Measure(benchmark::State& state, const Call& call) {
  call();
  std::size_t allocations = 0;
  for (auto _ : state) {
    const std::size_t before = AllocationCount();
    call();
    allocations += AllocationCount() - before;
  }
  state.counters["allocations"] =
      benchmark::Counter(static_cast<double>(allocations), benchmark::Counter::kAvgIterations);
}

// The same of what must not allocate: it fails where it does.
template <typename Call>
void MeasureWithoutAllocation(benchmark::State& state, const Call& call) {
  Measure(state, call);
  if (state.counters["allocations"] != 0) state.SkipWithError("allocates in the steady state");
}

}  // namespace sessenum

#endif  // SESSENUM_BASE_ALLOCATION_METER_TESTING_H_
