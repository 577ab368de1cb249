// Mean cross-entropy with its gradient in one pass over the scores, and how many of them are right.
//
// libtorch makes log-softmax, its product with the target and their gradients of seven operators; on a small batch each
// costs more to call than to compute. The same numbers, to rounding: the gradient of the mean is
// (softmax · Σ target − target) / batch, with the target smoothed as (1 − α)·target + α/classes.
#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <cmath>

namespace anneal {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Mean loss of `rows` rows of scores; `gradient` is its derivative by them. `share(row, class)` is the smoothed target.
template <class T, class Share>
double mean_loss(const T* scores, T* gradient, int64_t rows, int64_t classes, Share share) {
    double loss = 0;
    for (int64_t row = 0; row < rows; row++) {
        const T* s = scores + row * classes;
        T* g = gradient + row * classes;
        T largest = s[0];
        for (int64_t c = 1; c < classes; c++) largest = s[c] > largest ? s[c] : largest;
        // Where all scores are −∞ the differences would be NaN where libtorch's are, too.
        T total = 0;
        for (int64_t c = 0; c < classes; c++) {
            g[c] = std::exp(s[c] - largest);
            total += g[c];
        }
        const T log_total = std::log(total);
        T of_row = 0, shares = 0;
        for (int64_t c = 0; c < classes; c++) {
            const T wanted = share(row, c);
            // A class that is not wanted costs nothing, also where its score is −∞.
            if (wanted != 0) of_row -= wanted * (s[c] - largest - log_total);
            shares += wanted;
        }
        for (int64_t c = 0; c < classes; c++) g[c] = (g[c] / total * shares - share(row, c)) / T(rows);
        loss += double(of_row);
    }
    return loss / double(rows);
}

template <class T>
double mean_loss(const at::Tensor& scores, const at::Tensor& targets, double smoothing, const at::Tensor& gradient) {
    const auto* in = static_cast<const T*>(scores.data_ptr());
    auto* out = static_cast<T*>(gradient.data_ptr());
    const int64_t rows = scores.size(0), classes = scores.size(1);
    const T spread = T(smoothing / double(classes)), kept = T(1 - smoothing);
    if (targets.dim() == 1) {
        const auto* labels = static_cast<const int64_t*>(targets.data_ptr());
        return mean_loss<T>(in, out, rows, classes, [=](int64_t row, int64_t c) { return (labels[row] == c ? kept : T(0)) + spread; });
    }
    const auto* shares = static_cast<const T*>(targets.data_ptr());
    return mean_loss<T>(in, out, rows, classes, [=](int64_t row, int64_t c) { return shares[row * classes + c] * kept + spread; });
}

std::pair<at::Tensor, at::Tensor> loss_and_gradient(const at::Tensor& scores, const at::Tensor& targets, double smoothing) {
    auto gradient = at::empty(scores.sizes(), scores.options().requires_grad(false));
    auto loss = at::empty({}, gradient.options());
    if (scores.scalar_type() == at::kFloat) {
        *static_cast<float*>(loss.data_ptr()) = float(mean_loss<float>(scores, targets, smoothing, gradient));
    } else {
        *static_cast<double*>(loss.data_ptr()) = mean_loss<double>(scores, targets, smoothing, gradient);
    }
    return {loss, gradient};
}

class Recorded : public torch::autograd::Function<Recorded> {
public:
    static at::Tensor forward(AutogradContext* context, const at::Tensor& scores, const at::Tensor& targets, double smoothing) {
        auto made = loss_and_gradient(scores, targets, smoothing);
        context->save_for_backward({made.second});
        return made.first;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        TORCH_CHECK(!at::GradMode::is_enabled(), "anneal::cross_entropy has a first derivative only");
        auto saved = context->get_saved_variables();
        return {saved[0] * gradients[0], at::Tensor(), at::Tensor()};
    }
};

bool are_classes(const at::Tensor& targets, int64_t rows, int64_t classes) {
    if (targets.scalar_type() != at::kLong || targets.size(0) != rows) return false;
    const auto* labels = static_cast<const int64_t*>(targets.data_ptr());
    for (int64_t i = 0; i < rows; i++) {
        if (labels[i] < 0 || labels[i] >= classes) return false;
    }
    return true;
}

bool fits(const at::Tensor& scores, const at::Tensor& targets) {
    const auto type = scores.scalar_type();
    if (!scores.is_cpu() || !targets.is_cpu() || (type != at::kFloat && type != at::kDouble)) return false;
    if (scores.dim() != 2 || scores.numel() == 0 || !scores.is_contiguous() || !targets.is_contiguous() || targets.requires_grad()) return false;
    if (targets.dim() == 1) return are_classes(targets, scores.size(0), scores.size(1));
    return targets.scalar_type() == type && targets.sizes().equals(scores.sizes());
}

at::Tensor cross_entropy(const at::Tensor& scores, const at::Tensor& targets, const c10::optional<at::Tensor>& class_weights, double smoothing) {
    if (class_weights.has_value() || !fits(scores, targets)) {
        return at::cross_entropy_loss(scores, targets, class_weights, at::Reduction::Mean, -100, smoothing);
    }
    if (at::GradMode::is_enabled() && scores.requires_grad()) return Recorded::apply(scores, targets, smoothing);
    return loss_and_gradient(scores, targets, smoothing).first;
}

template <class T>
int64_t right_ones(const at::Tensor& scores, const at::Tensor& targets) {
    const auto* in = static_cast<const T*>(scores.data_ptr());
    const auto* labels = static_cast<const int64_t*>(targets.data_ptr());
    const int64_t classes = scores.size(1);
    int64_t right = 0;
    for (int64_t row = 0; row < scores.size(0); row++) {
        const T* s = in + row * classes;
        int64_t best = 0;
        // As libtorch's argmax: the first of equal ones, and a NaN before all numbers.
        for (int64_t c = 1; c < classes; c++) {
            if (!(s[c] <= s[best]) && s[best] == s[best]) best = c;
        }
        right += best == labels[row];
    }
    return right;
}

at::Tensor count_right(const at::Tensor& scores, const at::Tensor& targets) {
    at::NoGradGuard no_gradient;
    const auto classes = targets.dim() == 1 ? targets : targets.argmax(1);
    if (!fits(scores, classes)) return scores.argmax(1).eq(classes).sum();
    auto count = at::empty({}, classes.options());
    *static_cast<int64_t*>(count.data_ptr()) =
        scores.scalar_type() == at::kFloat ? right_ones<float>(scores, classes) : right_ones<double>(scores, classes);
    return count;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(anneal, library) {
    // Targets are class indices [batch] or shares [batch, classes].
    library.def("cross_entropy(Tensor scores, Tensor targets, Tensor? class_weights, float smoothing) -> Tensor", cross_entropy);
    library.def("count_right(Tensor scores, Tensor targets) -> Tensor", count_right);
}

}  // namespace anneal
