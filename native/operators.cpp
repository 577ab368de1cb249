// Any operator by name, called boxed: through autograd and autocast like any other caller.
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <ATen/core/stack.h>

#include <memory>
#include <mutex>
#include <unordered_map>

#include "guarded.h"
#include "references.h"

namespace {

// What a parameter accepts, read from the schema once, so that a call converts without looking at types.
enum class Wanted { other, real, integers, reals, booleans, scalars, tensors, optional_tensors };

struct Operator {
    explicit Operator(c10::OperatorHandle found)
        : handle(std::move(found)), ours(handle.operator_name().name.rfind("anneal::", 0) == 0) {
        for (const auto& parameter : handle.schema().arguments()) {
            if (takes_generator(parameter.type())) generator = static_cast<int32_t>(wanted.size());
            wanted.push_back(read(parameter.type()));
            lengths.push_back(parameter.N() ? *parameter.N() : 1);
            defaults.push_back(parameter.default_value());
        }
    }

    static bool takes_generator(c10::TypePtr type) {
        if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
        return type->kind() == c10::TypeKind::GeneratorType;
    }

    static Wanted read(c10::TypePtr type) {
        if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
        switch (type->kind()) {
            case c10::TypeKind::FloatType: return Wanted::real;
            case c10::TypeKind::ListType: break;
            default: return Wanted::other;
        }
        auto element = type->cast<c10::ListType>()->getElementType();
        switch (element->kind()) {
            case c10::TypeKind::TensorType: return Wanted::tensors;
            case c10::TypeKind::OptionalType: return Wanted::optional_tensors;
            case c10::TypeKind::FloatType: return Wanted::reals;
            case c10::TypeKind::BoolType: return Wanted::booleans;
            case c10::TypeKind::NumberType: return Wanted::scalars;
            default: return Wanted::integers;
        }
    }

    c10::OperatorHandle handle;
    // The kernels of kernels/*.cpp look at devices themselves and record nothing: the dispatcher need not read every tensor
    // of their lists to choose one, which for two lists of 62 takes 1.7 µs.
    bool ours;
    // The place of the generator among the parameters; −1 for an operator that draws nothing.
    int32_t generator = -1;
    std::vector<Wanted> wanted;
    std::vector<int32_t> lengths;
    std::vector<c10::optional<c10::IValue>> defaults;
    std::string schema;
};

template <class Element, class Value>
c10::IValue list_of(const Value* values, int32_t count) {
    c10::List<Element> list;
    list.reserve(count);
    for (int32_t i = 0; i < count; i++) list.push_back(Element(values[i]));
    return list;
}

c10::IValue convert(const anneal_argument& argument, Wanted wanted, int32_t length) {
    switch (argument.tag) {
        case anneal_none: return c10::IValue();
        case anneal_tensor_value:
            return anneal::borrow(const_cast<void*>(argument.value.pointer));
        case anneal_integer:
            if (wanted == Wanted::real) return static_cast<double>(argument.value.integer);
            if (wanted == Wanted::integers) {
                return list_of<int64_t>(std::vector<int64_t>(length, argument.value.integer).data(), length);
            }
            return argument.value.integer;
        case anneal_real: return argument.value.real;
        case anneal_boolean: return argument.value.integer != 0;
        case anneal_integers: {
            auto* values = static_cast<const int64_t*>(argument.value.pointer);
            switch (wanted) {
                case Wanted::booleans: return list_of<bool>(values, argument.length);
                case Wanted::reals: return list_of<double>(values, argument.length);
                case Wanted::scalars: return list_of<at::Scalar>(values, argument.length);
                default: return list_of<int64_t>(values, argument.length);
            }
        }
        case anneal_reals: {
            auto* values = static_cast<const double*>(argument.value.pointer);
            if (wanted == Wanted::scalars) return list_of<at::Scalar>(values, argument.length);
            return list_of<double>(values, argument.length);
        }
        case anneal_tensors: {
            auto* values = static_cast<const anneal_tensor*>(argument.value.pointer);
            if (wanted == Wanted::optional_tensors) {
                c10::List<c10::optional<at::Tensor>> list;
                for (int32_t i = 0; i < argument.length; i++) {
                    list.push_back(values[i] ? c10::optional<at::Tensor>(anneal::borrow(values[i])) : c10::nullopt);
                }
                return list;
            }
            c10::List<at::Tensor> list;
            list.reserve(argument.length);
            for (int32_t i = 0; i < argument.length; i++) list.push_back(anneal::borrow(values[i]));
            return list;
        }
        case anneal_string:
            return std::string(static_cast<const char*>(argument.value.pointer), argument.length);
        case anneal_device:
            return c10::Device(
                static_cast<c10::DeviceType>(argument.value.integer / 256),
                static_cast<c10::DeviceIndex>(argument.value.integer % 256 - 1));
        case anneal_held_list:
            return *static_cast<const c10::IValue*>(argument.value.pointer);
        default:
            TORCH_CHECK(false, "argument tag ", argument.tag, " is not known");
    }
}

// Where an operator computes: as its first tensor, or as the device that it is told.
c10::Device device_of(const torch::jit::Stack& stack) {
    for (const auto& value : stack) {
        if (value.isTensor() && value.toTensor().defined()) return value.toTensor().device();
        if (value.isDevice()) return value.toDevice();
    }
    return c10::Device(c10::DeviceType::CPU);
}

// Receives results up to a capacity and counts all.
struct Results {
    anneal_tensor* written;
    int32_t capacity;
    int32_t count = 0;

    void add(const at::Tensor& tensor) {
        if (count < capacity) written[count] = anneal::give(tensor);
        count++;
    }
};

}  // namespace

anneal_status anneal_operator_find(const char* name, const char* overload, anneal_operator* found) {
    return anneal::guarded([&] {
        static std::mutex mutex;
        static std::unordered_map<std::string, std::unique_ptr<Operator>> known;
        std::lock_guard<std::mutex> lock(mutex);
        auto& entry = known[std::string(name) + "." + overload];
        if (!entry) {
            auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
            TORCH_CHECK(handle.has_value(), "this libtorch has no operator ", name, overload[0] ? "." : "", overload);
            entry = std::make_unique<Operator>(*handle);
        }
        *found = entry.get();
    });
}

anneal_status anneal_operator_invoke(
    anneal_operator op, const anneal_argument* arguments, int32_t argument_count,
    anneal_tensor* results, int32_t capacity, int32_t* count) {
    *count = 0;
    return anneal::guarded([&] {
        auto* known = static_cast<Operator*>(op);
        const auto parameters = static_cast<int32_t>(known->wanted.size());
        TORCH_CHECK(argument_count <= parameters, "expected at most ", parameters, " arguments but received ", argument_count);
        torch::jit::Stack stack;
        stack.reserve(parameters);
        for (int32_t i = 0; i < argument_count; i++) {
            stack.push_back(convert(arguments[i], known->wanted[i], known->lengths[i]));
        }
        for (int32_t i = argument_count; i < parameters; i++) {
            TORCH_CHECK(known->defaults[i].has_value(), "argument '", known->handle.schema().arguments()[i].name(), "' is missing");
            stack.push_back(*known->defaults[i]);
        }
        if (known->generator >= 0 && stack[known->generator].isNone()) {
            const auto device = device_of(stack);
            const auto* own = anneal::generator_in_force(device.type());
            if (own && (device.is_cpu() || own->device() == device)) stack[known->generator] = *own;
        }
        if (known->ours) {
            known->handle.redispatchBoxed(c10::DispatchKeySet(c10::DispatchKey::CPU), &stack);
        } else {
            known->handle.callBoxed(&stack);
        }
        // Checked before the first reference is handed out: the caller receives none from a call that failed.
        for (const auto& value : stack) {
            TORCH_CHECK(
                value.isTensor() || value.isTensorList() || value.isNone(), "returns ", value.tagKind(), ", which is not a tensor");
        }
        Results received{results, capacity};
        for (const auto& value : stack) {
            if (value.isTensorList()) {
                for (const auto& tensor : value.toTensorList()) received.add(tensor);
            } else {
                received.add(value.isTensor() ? value.toTensor() : at::Tensor());
            }
        }
        *count = received.count;
    });
}

anneal_status anneal_list_create(const anneal_tensor* tensors, int32_t count, anneal_list* created) {
    return anneal::guarded([&] {
        c10::List<at::Tensor> list;
        list.reserve(count);
        for (int32_t i = 0; i < count; i++) list.push_back(anneal::borrow(tensors[i]));
        *created = new c10::IValue(std::move(list));
    });
}

anneal_status anneal_list_release(anneal_list list) {
    return anneal::guarded([&] { delete static_cast<c10::IValue*>(list); });
}
