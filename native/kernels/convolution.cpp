// A convolution of images whose way back waits for no other thread while it computes.
//
// In bfloat16 oneDNN's gradient of the kernels ends in a barrier that its threads wait at by turning in a loop: beside another
// process one call takes a time slice of the scheduler, 250 ms in place of 3. Here forward and the gradient of the images stay
// libtorch's, which have no such barrier, and the gradient of the kernels is our own (weight_gradient.cpp), or oneDNN's by parts
// of the batch, each on one thread. Where no gradient in bfloat16 is asked for, it is at::conv2d.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "../autocast.h"
#include "weight_gradient.h"

namespace anneal {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;
using Numbers = std::vector<int64_t>;

// Below this many channels or outputs in a group, our own kernel's registers stay empty.
constexpr int64_t least_of_group = 8;

struct Setting {
    Numbers stride, padding, dilation;
    int64_t groups;
};

// oneDNN has more than one instruction set to choose from: with tiles (AMX) it is faster than our kernel.
bool has_tiles() {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
    static const bool has = __builtin_cpu_supports("amx-bf16");
    return has;
#else
    return false;
#endif
}

at::Tensor by_our_kernel(const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight, const Setting& setting) {
    const auto images = input.contiguous(at::MemoryFormat::ChannelsLast), passed = gradient.contiguous(at::MemoryFormat::ChannelsLast);
    const auto options = weight.options().dtype(at::kFloat);
    const bool as_found = weight.is_contiguous(at::MemoryFormat::ChannelsLast);
    auto found = as_found ? at::empty_strided(weight.sizes(), weight.strides(), options)
                          : at::empty(weight.sizes(), options.memory_format(at::MemoryFormat::ChannelsLast));
    weight_gradient(
        {images.size(0), images.size(1), images.size(2), images.size(3), passed.size(1), passed.size(2), passed.size(3), weight.size(2),
         weight.size(3), setting.stride[0], setting.stride[1], setting.padding[0], setting.padding[1], setting.dilation[0],
         setting.dilation[1], setting.groups},
        static_cast<const uint16_t*>(images.data_ptr()), static_cast<const uint16_t*>(passed.data_ptr()), static_cast<float*>(found.data_ptr()));
    return as_found ? found : at::empty_strided(weight.sizes(), weight.strides(), options).copy_(found);
}

at::Tensor by_library(const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight, const Setting& setting) {
    return std::get<1>(at::convolution_backward(
        gradient, input, weight, c10::nullopt, setting.stride, setting.padding, setting.dilation, false, {0, 0}, setting.groups, {false, true, false}));
}

// Within a parallel region oneDNN's own is of one thread, which has nobody to wait for. As many parts as there are threads: for
// one number of threads always the same sum.
at::Tensor by_parts(const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight, const Setting& setting) {
    const int64_t images = input.size(0), parts = at::in_parallel_region() ? 1 : std::min<int64_t>(at::get_num_threads(), images);
    if (parts <= 1) return by_library(gradient, input, weight, setting).to(at::kFloat);
    std::vector<at::Tensor> found(parts);
    at::parallel_for(0, parts, 1, [&](int64_t begin, int64_t end) {
        const at::NoGradGuard not_recorded;
        for (int64_t part = begin; part < end; part++) {
            const int64_t from = images * part / parts, count = images * (part + 1) / parts - from;
            found[part] = by_library(gradient.narrow(0, from, count), input.narrow(0, from, count), weight, setting);
        }
    });
    auto sum = found[0].to(at::kFloat);
    for (int64_t part = 1; part < parts; part++) sum += found[part];
    return sum;
}

bool suits_our_kernel(const at::Tensor& weight, int64_t groups) {
    if (!multiplies_bfloat16() || has_tiles()) return false;
    return groups == 1 || (weight.size(1) >= least_of_group && weight.size(0) / groups >= least_of_group);
}

class Recorded : public torch::autograd::Function<Recorded> {
public:
    // `input` is bfloat16. `weight` and `bias` may be float: their gradients are then not rounded.
    static at::Tensor forward(
        AutogradContext* context, const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& optional_bias,
        const Setting& setting) {
        const at::Tensor bias = optional_bias.value_or(at::Tensor());
        const auto half = weight.to(at::kBFloat16);
        c10::optional<at::Tensor> half_bias;
        if (bias.defined()) half_bias = bias.to(at::kBFloat16);
        context->saved_data["input_wanted"] = input.requires_grad();
        context->saved_data["bias_wanted"] = bias.defined() && bias.requires_grad();
        context->saved_data["weight_type"] = static_cast<int64_t>(weight.scalar_type());
        context->saved_data["bias_type"] = static_cast<int64_t>(bias.defined() ? bias.scalar_type() : at::kFloat);
        context->saved_data["stride"] = setting.stride;
        context->saved_data["padding"] = setting.padding;
        context->saved_data["dilation"] = setting.dilation;
        context->saved_data["groups"] = setting.groups;
        context->save_for_backward({input, half});
        const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::DispatchKey::AutocastCPU);
        return at::convolution(input, half, half_bias, setting.stride, setting.padding, setting.dilation, false, {0, 0}, setting.groups);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        TORCH_CHECK(!at::GradMode::is_enabled(), "anneal::convolution has a first derivative only");
        const auto saved = context->get_saved_variables();
        const at::Tensor &input = saved[0], &weight = saved[1];
        auto& kept = context->saved_data;
        const Setting setting{kept["stride"].toIntVector(), kept["padding"].toIntVector(), kept["dilation"].toIntVector(), kept["groups"].toInt()};
        const auto gradient = gradients[0].to(at::kBFloat16);
        at::Tensor of_input, of_bias;
        if (kept["input_wanted"].toBool()) {
            of_input = std::get<0>(at::convolution_backward(
                gradient, input, weight, c10::nullopt, setting.stride, setting.padding, setting.dilation, false, {0, 0}, setting.groups,
                {true, false, false}));
        }
        const auto of_weight = suits_our_kernel(weight, setting.groups) ? by_our_kernel(gradient, input, weight, setting)
                                                                        : by_parts(gradient, input, weight, setting);
        if (kept["bias_wanted"].toBool()) {
            of_bias = at::sum(gradient, {0, 2, 3}, false, at::kFloat).to(static_cast<at::ScalarType>(kept["bias_type"].toInt()));
        }
        return {of_input, of_weight.to(static_cast<at::ScalarType>(kept["weight_type"].toInt())), of_bias, at::Tensor()};
    }
};

// Numbers that autocast would make bfloat16, or that are.
bool becomes_bfloat16(const at::Tensor& tensor, bool casting) {
    if (!tensor.is_cpu() || tensor.layout() != at::kStrided) return false;
    return tensor.scalar_type() == at::kBFloat16 || (casting && tensor.scalar_type() == at::kFloat);
}

bool fits(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias, int64_t groups) {
    // The gradient of the kernels is all that differs.
    if (!at::GradMode::is_enabled() || !weight.requires_grad()) return false;
    if (input.dim() != 4 || weight.dim() != 4 || input.numel() == 0 || weight.numel() == 0 || groups < 1) return false;
    const int32_t precision = autocast_now(at::kCPU);
    const bool casting = precision == static_cast<int32_t>(at::kBFloat16);
    if (precision != autocast_off && !casting) return false;
    return becomes_bfloat16(input, casting) && becomes_bfloat16(weight, casting) && (!bias.defined() || becomes_bfloat16(bias, casting));
}

at::Tensor convolution(
    const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef stride, at::IntArrayRef padding,
    at::IntArrayRef dilation, int64_t groups) {
    if (!fits(input, weight, bias.value_or(at::Tensor()), groups)) return at::conv2d(input, weight, bias, stride, padding, dilation, groups);
    return Recorded::apply(input.to(at::kBFloat16), weight, bias, Setting{stride.vec(), padding.vec(), dilation.vec(), groups});
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(anneal, library) {
    // at::conv2d. On the CPU in bfloat16, by type or by autocast, the gradient of the kernels is computed without waiting.
    library.def(
        "convolution(Tensor input, Tensor weight, Tensor? bias, int[2] stride, int[2] padding, int[2] dilation, int groups) -> Tensor", convolution);
}

}  // namespace anneal
