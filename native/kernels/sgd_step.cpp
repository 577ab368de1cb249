// Stochastic gradient descent with momentum, one pass over memory: torch.optim.SGD's formulas with dampening 0,
// and weight decay either in the gradient or apart from it (Loshchilov and Hutter 2019, algorithm 1).
#include <torch/library.h>

#include "lanes.h"
#include "lists.h"

namespace anneal {
namespace {

template <class T>
struct Update {
    T rate;
    T momentum;
    T scale;
    T coupled;  // added to the gradient, times the parameter
    T kept;     // what decoupled decay leaves of the parameter
    bool nesterov;
};

template <class T, bool nesterov>
ANNEAL_INLINE void update(T* __restrict parameter, const T* __restrict gradient, T* __restrict velocity, int64_t count, const Update<T>& by) {
    const T rate = by.rate, momentum = by.momentum, scale = by.scale, coupled = by.coupled, kept = by.kept;
    over_lanes<T>(count, [=](int64_t i, auto zero) __attribute__((always_inline)) {
        auto p = zero, g = zero, v = zero;
        load(p, parameter + i);
        load(g, gradient + i);
        load(v, velocity + i);
        g = g * scale + p * coupled;
        v = v * momentum + g;
        store(velocity + i, v);
        store(parameter + i, p * kept - (nesterov ? g + v * momentum : v) * rate);
    });
}

ANNEAL_CLONES void update_floats(float* p, const float* g, float* v, int64_t count, const Update<float>& by) {
    if (by.nesterov) update<float, true>(p, g, v, count, by);
    else update<float, false>(p, g, v, count, by);
}

ANNEAL_CLONES void update_doubles(double* p, const double* g, double* v, int64_t count, const Update<double>& by) {
    if (by.nesterov) update<double, true>(p, g, v, count, by);
    else update<double, false>(p, g, v, count, by);
}

template <class T>
Update<T> rounded(const Update<double>& by) {
    return {T(by.rate), T(by.momentum), T(by.scale), T(by.coupled), T(by.kept), by.nesterov};
}

// Other devices, types and layouts: the same by libtorch's own operators.
void update_others(std::vector<at::Tensor>& parameters, std::vector<at::Tensor>& gradients, std::vector<at::Tensor>& velocities, const Update<double>& by) {
    if (by.scale != 1 || by.coupled != 0) {
        gradients = at::_foreach_mul(gradients, by.scale);
        if (by.coupled != 0) at::_foreach_add_(gradients, parameters, by.coupled);
    }
    at::_foreach_mul_(velocities, by.momentum);
    at::_foreach_add_(velocities, gradients);
    const auto directions = by.nesterov ? at::_foreach_add(gradients, velocities, by.momentum) : velocities;
    if (by.kept != 1) at::_foreach_mul_(parameters, by.kept);
    at::_foreach_add_(parameters, directions, -by.rate);
}

void sgd_step(
    TensorList parameters, TensorList momenta, double rate, double momentum, bool nesterov,
    double weight_decay, bool decoupled, double gradient_scale) {
    TORCH_CHECK(parameters.size() == momenta.size(), "there must be a momentum for each of ", parameters.size(), " parameters, but there are ", momenta.size());
    at::NoGradGuard no_gradient;
    const Update<double> by{
        rate, momentum, gradient_scale, decoupled ? 0 : weight_decay, decoupled ? 1 - rate * weight_decay : 1, nesterov};
    const auto floats_by = rounded<float>(by);
    std::vector<at::Tensor> others[3];
    const TensorList &all = parameters, &velocities = momenta;
    over_lists<1>(
        all, [&](size_t i) -> const at::Tensor& { return gradient_of(all[i]); }, {&velocities},
        [&](const Stretch<3>& stretch, int64_t from, int64_t to) {
            if (stretch.type == at::kFloat) {
                update_floats(stretch.at<float>(0, from), stretch.at<float>(1, from), stretch.at<float>(2, from), to - from, floats_by);
            } else {
                update_doubles(stretch.at<double>(0, from), stretch.at<double>(1, from), stretch.at<double>(2, from), to - from, by);
            }
        },
        [&](size_t i) {
            others[0].push_back(all[i]);
            others[1].push_back(gradient_of(all[i]));
            others[2].push_back(velocities[i]);
        });
    if (!others[0].empty()) update_others(others[0], others[1], others[2], by);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(anneal, library) {
    library.def(
        "sgd_step(Tensor(a!)[] parameters, Tensor(b!)[] momenta, float rate, float momentum, bool nesterov, "
        "float weight_decay, bool decoupled, float gradient_scale) -> ()",
        sgd_step);
}

}  // namespace anneal
