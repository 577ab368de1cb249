// Adam (Kingma and Ba 2015, algorithm 1) with weight decay apart from the gradient (Loshchilov and Hutter 2019, algorithm 2)
// or in it, one pass over memory: torch.optim.AdamW's and Adam's formulas.
#include <torch/library.h>

#include <cmath>

#include "lanes.h"
#include "lists.h"

namespace anneal {
namespace {

struct Update {
    double beta1;
    double beta2;
    double step;       // rate, corrected for the first mean's bias
    double root_scale; // 1 / √(1 − β₂ᵗ), the second one's correction
    double epsilon;
    double scale;
    double coupled;  // added to the gradient, times the parameter
    double kept;     // what decoupled decay leaves of the parameter
};

ANNEAL_INLINE void square_root(float& x) { x = std::sqrt(x); }
ANNEAL_INLINE void square_root(double& x) { x = std::sqrt(x); }

// There is no square root of a vector to write; the compiler makes one of this loop, where no lane may set errno.
template <class Vector>
ANNEAL_INLINE void square_root(Vector& x) {
    using T = std::remove_reference_t<decltype(x[0])>;
    T lanes[sizeof x / sizeof(T)];
    std::memcpy(lanes, &x, sizeof x);
    for (T& lane : lanes) lane = std::sqrt(lane);
    std::memcpy(&x, lanes, sizeof x);
}

template <class T>
ANNEAL_INLINE void update(T* parameter, const T* gradient, T* mean, T* square, int64_t count, const Update& by) {
    const T beta1 = T(by.beta1), rest1 = T(1 - by.beta1), beta2 = T(by.beta2), rest2 = T(1 - by.beta2);
    const T step = T(by.step), root_scale = T(by.root_scale), epsilon = T(by.epsilon);
    const T scale = T(by.scale), coupled = T(by.coupled), kept = T(by.kept);
    over_lanes<T>(count, [=](int64_t i, auto zero) __attribute__((always_inline)) {
        auto p = zero, g = zero, m = zero, v = zero;
        load(p, parameter + i);
        load(g, gradient + i);
        load(m, mean + i);
        load(v, square + i);
        g = g * scale + p * coupled;
        m = m * beta1 + g * rest1;
        v = v * beta2 + g * g * rest2;
        store(mean + i, m);
        store(square + i, v);
        square_root(v);
        store(parameter + i, p * kept - m * step / (v * root_scale + epsilon));
    });
}

ANNEAL_CLONES void update_floats(float* p, const float* g, float* m, float* v, int64_t count, const Update& by) {
    update(p, g, m, v, count, by);
}

ANNEAL_CLONES void update_doubles(double* p, const double* g, double* m, double* v, int64_t count, const Update& by) {
    update(p, g, m, v, count, by);
}

// Other devices, types and layouts: the same by libtorch's own operators.
void update_others(
    std::vector<at::Tensor>& parameters, std::vector<at::Tensor>& gradients, std::vector<at::Tensor>& means,
    std::vector<at::Tensor>& squares, const Update& by) {
    if (by.scale != 1 || by.coupled != 0) {
        gradients = at::_foreach_mul(gradients, by.scale);
        if (by.coupled != 0) at::_foreach_add_(gradients, parameters, by.coupled);
    }
    at::_foreach_mul_(means, by.beta1);
    at::_foreach_add_(means, gradients, 1 - by.beta1);
    at::_foreach_mul_(squares, by.beta2);
    at::_foreach_addcmul_(squares, gradients, gradients, 1 - by.beta2);
    auto roots = at::_foreach_sqrt(squares);
    at::_foreach_mul_(roots, by.root_scale);
    at::_foreach_add_(roots, by.epsilon);
    if (by.kept != 1) at::_foreach_mul_(parameters, by.kept);
    at::_foreach_addcdiv_(parameters, means, roots, -by.step);
}

void adamw_step(
    TensorList parameters, TensorList means, TensorList squares, int64_t step, double rate, double beta1, double beta2,
    double epsilon, double weight_decay, bool decoupled, double gradient_scale) {
    TORCH_CHECK(step >= 1, "steps count from 1, but this is ", step);
    TORCH_CHECK(
        parameters.size() == means.size() && parameters.size() == squares.size(),
        "there must be a mean and a square for each of ", parameters.size(), " parameters, but there are ", means.size(), " and ", squares.size());
    at::NoGradGuard no_gradient;
    const Update by{
        beta1, beta2, rate / (1 - std::pow(beta1, double(step))), 1 / std::sqrt(1 - std::pow(beta2, double(step))),
        epsilon, gradient_scale, decoupled ? 0 : weight_decay, decoupled ? 1 - rate * weight_decay : 1};
    std::vector<at::Tensor> others[4];
    const TensorList &all = parameters, &firsts = means, &seconds = squares;
    over_lists<2>(
        all, [&](size_t i) -> const at::Tensor& { return gradient_of(all[i]); }, {&firsts, &seconds},
        [&](const Stretch<4>& stretch, int64_t from, int64_t to) {
            if (stretch.type == at::kFloat) {
                update_floats(stretch.at<float>(0, from), stretch.at<float>(1, from), stretch.at<float>(2, from), stretch.at<float>(3, from), to - from, by);
            } else {
                update_doubles(stretch.at<double>(0, from), stretch.at<double>(1, from), stretch.at<double>(2, from), stretch.at<double>(3, from), to - from, by);
            }
        },
        [&](size_t i) {
            others[0].push_back(all[i]);
            others[1].push_back(gradient_of(all[i]));
            others[2].push_back(firsts[i]);
            others[3].push_back(seconds[i]);
        });
    if (!others[0].empty()) update_others(others[0], others[1], others[2], others[3], by);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(anneal, library) {
    library.def(
        "adamw_step(Tensor(a!)[] parameters, Tensor(b!)[] means, Tensor(c!)[] squares, int step, float rate, float beta1, "
        "float beta2, float epsilon, float weight_decay, bool decoupled, float gradient_scale) -> ()",
        adamw_step);
}

}  // namespace anneal
