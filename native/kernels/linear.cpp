// A linear layer with its bias and ReLU as one operator: for layers so small that calling costs as much as computing.
//
// libtorch makes a forward pass of four operators and a backward pass of eight, and OpenBLAS copies both factors of every
// product into an order of its own, which costs more than it gives back here. This is for products of at most 8 million
// multiply–adds in single precision on a processor with AVX-512; everything else takes libtorch's own way.
#include <ATen/ATen.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "lanes.h"

namespace anneal {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using Values = Lanes<float>::Many;

constexpr int64_t sixteen = 16;
constexpr int64_t most_multiply_adds = 8 * 1024 * 1024;

ANNEAL_INLINE float sum(const Values& values) {
    typedef float Eight __attribute__((vector_size(32)));
    Eight low, high;
    std::memcpy(&low, &values, sizeof low);
    std::memcpy(&high, reinterpret_cast<const char*>(&values) + sizeof low, sizeof high);
    low += high;
    typedef float Four __attribute__((vector_size(16)));
    Four first, second;
    std::memcpy(&first, &low, sizeof first);
    std::memcpy(&second, reinterpret_cast<const char*>(&low) + sizeof first, sizeof second);
    first += second;
    return (first[0] + first[2]) + (first[1] + first[3]);
}

// A block of rows of x times rows of w: both lie in the order in which their products are added up.
template <int rows, int columns>
ANNEAL_INLINE void products_of_rows(const float* x, const float* w, float* y, int64_t inner, int64_t outputs) {
    Values sums[rows][columns];
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 8
        for (int j = 0; j < columns; j++) sums[i][j] = Values{};
    }
    int64_t p = 0;
    for (; p + sixteen <= inner; p += sixteen) {
        Values of_x[rows];
        for (int i = 0; i < rows; i++) load(of_x[i], x + i * inner + p);
        for (int j = 0; j < columns; j++) {
            Values of_w;
            load(of_w, w + j * inner + p);
            for (int i = 0; i < rows; i++) sums[i][j] += of_x[i] * of_w;
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 8
        for (int j = 0; j < columns; j++) y[i * outputs + j] = sum(sums[i][j]);
    }
    for (; p < inner; p++) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) y[i * outputs + j] += x[i * inner + p] * w[j * inner + p];
        }
    }
}

template <int columns>
ANNEAL_INLINE void all_rows(const float* x, const float* w, float* y, int64_t rows, int64_t inner, int64_t outputs) {
    // The rows of w stay in the first cache while those of x pass by.
    constexpr int64_t together = 2;
    int64_t i = 0;
    for (; i + together <= rows; i += together) products_of_rows<together, columns>(x + i * inner, w, y + i * outputs, inner, outputs);
    if (i < rows) products_of_rows<1, columns>(x + i * inner, w, y + i * outputs, inner, outputs);
}

// y = x · wᵀ
ANNEAL_CLONES void product_with_transposed(const float* x, const float* w, float* y, int64_t rows, int64_t outputs, int64_t inner) {
    int64_t j = 0;
    for (; j + 8 <= outputs; j += 8) all_rows<8>(x, w + j * inner, y + j, rows, inner, outputs);
    for (; j + 2 <= outputs; j += 2) all_rows<2>(x, w + j * inner, y + j, rows, inner, outputs);
    if (j < outputs) all_rows<1>(x, w + j * inner, y + j, rows, inner, outputs);
}

// Apart from the product: a branch on each number's sign would cost more than the numbers.
ANNEAL_CLONES void add_bias(float* y, const float* bias, int64_t rows, int64_t outputs) {
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < outputs; j++) y[i * outputs + j] += bias[j];
    }
}

// Compared so that a NaN stays.
ANNEAL_CLONES void rectify(float* y, int64_t count) {
    for (int64_t i = 0; i < count; i++) y[i] = y[i] < 0 ? 0 : y[i];
}

// A matrix whose elements lie `row` and `column` apart.
struct Strided {
    const float* data;
    int64_t row, column;
};

template <int rows, int vectors>
ANNEAL_INLINE void sums_of_rows(const Strided& a, const float* b, float* c, int64_t inner, int64_t columns) {
    Values sums[rows][vectors];
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 8
        for (int v = 0; v < vectors; v++) sums[i][v] = Values{};
    }
    for (int64_t p = 0; p < inner; p++) {
        Values of_b[vectors];
        for (int v = 0; v < vectors; v++) load(of_b[v], b + p * columns + v * sixteen);
        for (int i = 0; i < rows; i++) {
            const float factor = a.data[i * a.row + p * a.column];
            for (int v = 0; v < vectors; v++) sums[i][v] += factor * of_b[v];
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 8
        for (int v = 0; v < vectors; v++) store(c + i * columns + v * sixteen, sums[i][v]);
    }
}

template <int rows>
ANNEAL_INLINE void all_columns(const Strided& a, const float* b, float* c, int64_t inner, int64_t columns) {
    int64_t j = 0;
    for (; j + 4 * sixteen <= columns; j += 4 * sixteen) sums_of_rows<rows, 4>(a, b + j, c + j, inner, columns);
    for (; j + sixteen <= columns; j += sixteen) sums_of_rows<rows, 1>(a, b + j, c + j, inner, columns);
    for (; j < columns; j++) {
        for (int i = 0; i < rows; i++) {
            float total = 0;
            for (int64_t p = 0; p < inner; p++) total += a.data[i * a.row + p * a.column] * b[p * columns + j];
            c[i * columns + j] = total;
        }
    }
}

// c = a · b, row by row of b
ANNEAL_CLONES void product(const Strided& a, const float* b, float* c, int64_t rows, int64_t inner, int64_t columns) {
    constexpr int64_t four = 4;
    int64_t i = 0;
    for (; i + four <= rows; i += four) all_columns<4>({a.data + i * a.row, a.row, a.column}, b, c + i * columns, inner, columns);
    for (; i < rows; i++) all_columns<1>({a.data + i * a.row, a.row, a.column}, b, c + i * columns, inner, columns);
}

ANNEAL_CLONES void sum_rows(const float* a, float* sums, int64_t rows, int64_t columns) {
    for (int64_t j = 0; j < columns; j++) sums[j] = 0;
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t j = 0; j < columns; j++) sums[j] += a[i * columns + j];
    }
}

ANNEAL_CLONES void pass_where_positive(const float* result, const float* gradient, float* passed, int64_t count) {
    for (int64_t i = 0; i < count; i++) passed[i] = result[i] <= 0 ? 0 : gradient[i];
}

const float* numbers(const at::Tensor& tensor) { return static_cast<const float*>(tensor.data_ptr()); }
float* room(const at::Tensor& tensor) { return static_cast<float*>(tensor.data_ptr()); }

at::Tensor forward(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias, bool relu) {
    const int64_t rows = input.size(0), outputs = weight.size(0);
    auto result = at::empty({rows, outputs}, input.options().requires_grad(false));
    product_with_transposed(numbers(input), numbers(weight), room(result), rows, outputs, input.size(1));
    if (bias.defined()) add_bias(room(result), numbers(bias), rows, outputs);
    if (relu) rectify(room(result), result.numel());
    return result;
}

class Recorded : public torch::autograd::Function<Recorded> {
public:
    static at::Tensor forward(
        AutogradContext* context, const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& optional_bias, bool relu) {
        const at::Tensor bias = optional_bias.value_or(at::Tensor());
        auto result = anneal::forward(input, weight, bias, relu);
        context->saved_data["input_wanted"] = input.requires_grad();
        context->saved_data["bias_wanted"] = bias.defined() && bias.requires_grad();
        context->save_for_backward({input, weight, relu ? result : at::Tensor()});
        return result;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        TORCH_CHECK(!at::GradMode::is_enabled(), "anneal::linear has a first derivative only");
        const auto saved = context->get_saved_variables();
        const at::Tensor &input = saved[0], &weight = saved[1], &result = saved[2];
        const int64_t rows = input.size(0), inputs = input.size(1), outputs = weight.size(0);
        auto gradient = gradients[0].contiguous();
        if (result.defined()) {
            auto passed = at::empty_like(gradient);
            pass_where_positive(numbers(result), numbers(gradient), room(passed), passed.numel());
            gradient = std::move(passed);
        }
        at::Tensor of_input, of_bias;
        if (context->saved_data["input_wanted"].toBool()) {
            of_input = at::empty({rows, inputs}, gradient.options());
            product({numbers(gradient), outputs, 1}, numbers(weight), room(of_input), rows, outputs, inputs);
        }
        auto of_weight = at::empty({outputs, inputs}, gradient.options());
        product({numbers(gradient), 1, outputs}, numbers(input), room(of_weight), outputs, rows, inputs);
        if (context->saved_data["bias_wanted"].toBool()) {
            of_bias = at::empty({outputs}, gradient.options());
            sum_rows(numbers(gradient), room(of_bias), rows, outputs);
        }
        return {of_input, of_weight, of_bias, at::Tensor()};
    }
};

bool has_avx512() {
#if defined(__x86_64__) && defined(__GNUC__)
    static const bool has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    return has;
#else
    return false;
#endif
}

bool is_plain_matrix(const at::Tensor& tensor) {
    return tensor.is_cpu() && tensor.scalar_type() == at::kFloat && tensor.layout() == at::kStrided && tensor.dim() == 2 && tensor.is_contiguous();
}

bool fits(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias) {
    if (!has_avx512() || !c10::impl::tls_is_dispatch_key_excluded(c10::DispatchKey::AutocastCPU)) return false;
    if (!is_plain_matrix(input) || !is_plain_matrix(weight) || input.size(1) != weight.size(1) || input.size(0) * weight.size(0) == 0) return false;
    if (bias.defined() && !(bias.is_cpu() && bias.scalar_type() == at::kFloat && bias.dim() == 1 && bias.is_contiguous() && bias.size(0) == weight.size(0))) {
        return false;
    }
    return input.size(0) * input.size(1) * weight.size(0) <= most_multiply_adds;
}

at::Tensor linear(const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& optional_bias, bool relu) {
    const at::Tensor bias = optional_bias.value_or(at::Tensor());
    if (!fits(input, weight, bias)) {
        auto result = at::linear(input, weight, optional_bias);
        return relu ? result.relu_() : result;
    }
    if (at::GradMode::is_enabled() && (input.requires_grad() || weight.requires_grad() || (bias.defined() && bias.requires_grad()))) {
        return Recorded::apply(input, weight, optional_bias, relu);
    }
    return forward(input, weight, bias, relu);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(anneal, library) {
    // input · weightᵀ + bias, and of that the larger of 0 and it where relu is true.
    library.def("linear(Tensor input, Tensor weight, Tensor? bias, bool relu) -> Tensor", linear);
}

}  // namespace anneal
