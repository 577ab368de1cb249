// Moves averages a share of the way towards parameters, one pass over memory. Integers, such as counters, are copied.
#include <torch/library.h>

#include "lanes.h"
#include "lists.h"

namespace anneal {
namespace {

template <class T>
ANNEAL_INLINE void update(T* average, const T* parameter, int64_t count, T weight) {
    over_lanes<T>(count, [=](int64_t i, auto zero) __attribute__((always_inline)) {
        auto a = zero, p = zero;
        load(a, average + i);
        load(p, parameter + i);
        store(average + i, a + (p - a) * weight);
    });
}

ANNEAL_CLONES void update_floats(float* a, const float* p, int64_t count, float weight) { update(a, p, count, weight); }

ANNEAL_CLONES void update_doubles(double* a, const double* p, int64_t count, double weight) { update(a, p, count, weight); }

void ema_update(TensorList averages, TensorList parameters, double weight) {
    TORCH_CHECK(averages.size() == parameters.size(), "there must be an average for each of ", parameters.size(), " tensors, but there are ", averages.size());
    at::NoGradGuard no_gradient;
    const TensorList &targets = averages, &sources = parameters;
    over_lists<0>(
        targets, [&](size_t i) -> const at::Tensor& { return sources[i]; }, {},
        [&](const Stretch<2>& stretch, int64_t from, int64_t to) {
            if (stretch.type == at::kFloat) update_floats(stretch.at<float>(0, from), stretch.at<float>(1, from), to - from, float(weight));
            else update_doubles(stretch.at<double>(0, from), stretch.at<double>(1, from), to - from, weight);
        },
        [&](size_t i) {
            const at::Tensor& average = targets[i];
            if (average.is_floating_point()) average.lerp_(sources[i].to(average.options()), weight);
            else average.copy_(sources[i]);
        });
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(anneal, library) {
    library.def("ema_update(Tensor(a!)[] averages, Tensor[] parameters, float weight) -> ()", ema_update);
}

}  // namespace anneal
