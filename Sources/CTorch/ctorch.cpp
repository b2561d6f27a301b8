#include "CTorch.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/GradMode.h>
#include <dlfcn.h>
#include <malloc.h>
#include <torch/version.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <vector>

struct CTTensor_ { at::Tensor value; };
struct CTOperator_ { c10::OperatorHandle handle; };

namespace {
thread_local std::string lastError;

template <class F> auto guarded(F &&body) -> decltype(body()) {
    try { lastError.clear(); return body(); }
    catch (const c10::Error &error) { lastError = error.what_without_backtrace(); }
    catch (const std::exception &error) { lastError = error.what(); }
    catch (...) { lastError = "unknown C++ exception"; }
    return decltype(body()){};
}

// Time in LibTorch, of threads that count it.
thread_local bool isCounting = false;
thread_local std::chrono::steady_clock::duration counted{};
struct Counting {
    std::chrono::steady_clock::time_point start;
    Counting() { if (isCounting) start = std::chrono::steady_clock::now(); }
    ~Counting() { if (isCounting) counted += std::chrono::steady_clock::now() - start; }
};

CTTensor wrap(at::Tensor tensor) { return new CTTensor_{std::move(tensor)}; }

c10::IValue value(const CTArgument &argument) {
    switch (argument.kind) {
    case CT_NONE: return c10::IValue();
    case CT_TENSOR: return c10::IValue(argument.tensor->value);
    case CT_INTEGER: return c10::IValue(argument.integer);
    case CT_REAL: return c10::IValue(argument.real);
    case CT_BOOLEAN: return c10::IValue(argument.integer != 0);
    case CT_INTEGERS: {
        auto items = static_cast<const int64_t *>(argument.items);
        return c10::IValue(std::vector<int64_t>(items, items + argument.count));
    }
    case CT_REALS: {
        auto items = static_cast<const double *>(argument.items);
        return c10::IValue(std::vector<double>(items, items + argument.count));
    }
    case CT_TENSORS: {
        auto items = static_cast<const CTTensor *>(argument.items);
        c10::List<at::Tensor> list;
        list.reserve(argument.count);
        for (int64_t i = 0; i < argument.count; ++i) list.push_back(items[i]->value);
        return c10::IValue(std::move(list));
    }
    case CT_OPTIONAL_TENSORS: {
        auto items = static_cast<const CTTensor *>(argument.items);
        c10::List<std::optional<at::Tensor>> list;
        list.reserve(argument.count);
        for (int64_t i = 0; i < argument.count; ++i)
            list.push_back(items[i] ? std::optional<at::Tensor>(items[i]->value) : std::nullopt);
        return c10::IValue(std::move(list));
    }
    case CT_TEXT: return c10::IValue(std::string(static_cast<const char *>(argument.items)));
    case CT_DEVICE: return c10::IValue(at::Device(static_cast<const char *>(argument.items)));
    }
    return c10::IValue();
}
}

extern "C" {

const char *ct_last_error(void) { return lastError.c_str(); }
const char *ct_version(void) { return TORCH_VERSION; }
void ct_set_threads(int count) { at::set_num_threads(count); }
void ct_seed(uint64_t seed) { at::manual_seed(seed); }
bool ct_keep_freed_memory(void) {
#ifdef __GLIBC__
    // No block of its own from the system for a large piece, which would be given back when it is freed; no giving back of the heap's end;
    // and growth by 64 MiB.
    return mallopt(M_MMAP_MAX, 0) && mallopt(M_TRIM_THRESHOLD, -1) && mallopt(M_TOP_PAD, 64 << 20);
#else
    return false;
#endif
}
void ct_release_freed_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
bool ct_load_library(const char *path) {
    if (dlopen(path, RTLD_NOW | RTLD_GLOBAL)) { lastError.clear(); return true; }
    const char *text = dlerror();
    lastError = text ? text : "cannot be loaded";
    return false;
}
double ct_engine_seconds(bool begin) {
    if (begin) { isCounting = true; counted = {}; }
    return std::chrono::duration<double>(counted).count();
}
bool ct_cuda_available(void) { return guarded([] { return at::hasCUDA(); }); }

CTOperator ct_operator(const char *name, const char *overload) {
    return guarded([&]() -> CTOperator {
        auto found = c10::Dispatcher::singleton().findSchema({name, overload});
        TORCH_CHECK(found, "no operator ", name, ".", overload);
        return new CTOperator_{*found};
    });
}

bool ct_call(CTOperator op, const CTArgument *arguments, int count, CTTensor *results, int capacity, int *resultCount) {
    return guarded([&] {
        const auto &schema = op->handle.schema();
        TORCH_CHECK((size_t)count <= schema.arguments().size(), "too many arguments for ", schema.name());
        torch::jit::Stack stack;
        stack.reserve(schema.arguments().size());
        for (int i = 0; i < count; ++i) stack.push_back(value(arguments[i]));
        for (size_t i = count; i < schema.arguments().size(); ++i) {
            const auto &given = schema.arguments()[i].default_value();
            TORCH_CHECK(given, "argument ", schema.arguments()[i].name(), " of ", schema.name(), " is missing");
            stack.push_back(*given);
        }
        {
            Counting time;
            op->handle.callBoxed(stack);
        }
        std::vector<at::Tensor> tensors;
        for (auto &result : stack) {
            if (result.isTensor()) tensors.push_back(result.toTensor());
            else if (result.isTensorList()) for (const at::Tensor &item : result.toTensorList()) tensors.push_back(item);
            else TORCH_CHECK(false, schema.name(), " returns something that is no tensor");
        }
        TORCH_CHECK((int)tensors.size() <= capacity, schema.name(), " returns ", tensors.size(), " tensors, room for ", capacity);
        for (size_t i = 0; i < tensors.size(); ++i) results[i] = wrap(std::move(tensors[i]));
        *resultCount = (int)tensors.size();
        return true;
    });
}

CTTensor ct_from_bytes(const void *bytes, CTScalarType type, const int64_t *shape, int rank) {
    return guarded([&] {
        auto options = at::TensorOptions().dtype((at::ScalarType)type);
        Counting time;
        at::Tensor tensor = at::empty(at::IntArrayRef(shape, rank), options);
        std::memcpy(tensor.data_ptr(), bytes, tensor.nbytes());
        return wrap(std::move(tensor));
    });
}
bool ct_copy_to_bytes(CTTensor tensor, CTScalarType type, void *bytes, int64_t capacity) {
    return guarded([&] {
        Counting time;
        auto host = tensor->value.detach().to(at::kCPU, (at::ScalarType)type).contiguous();
        TORCH_CHECK((int64_t)host.nbytes() == capacity, "tensor has ", host.nbytes(), " bytes, buffer ", capacity);
        std::memcpy(bytes, host.data_ptr(), capacity);
        return true;
    });
}
CTTensor ct_retain(CTTensor tensor) { return guarded([&] { return wrap(tensor->value); }); }
void ct_release(CTTensor tensor) {
    Counting time;
    delete tensor;
}
int ct_rank(CTTensor tensor) { return (int)tensor->value.dim(); }
int64_t ct_size(CTTensor tensor, int axis) { return guarded([&] { return tensor->value.size(axis); }); }
CTScalarType ct_scalar_type(CTTensor tensor) { return (CTScalarType)tensor->value.scalar_type(); }
void *ct_data(CTTensor tensor) {
    return guarded([&]() -> void * {
        const auto &value = tensor->value;
        return value.device().is_cpu() && value.is_contiguous() ? value.data_ptr() : nullptr;
    });
}
void ct_device(CTTensor tensor, char *name, int capacity) {
    guarded([&] { std::snprintf(name, (size_t)capacity, "%s", tensor->value.device().str().c_str()); return true; });
}
CTTensor ct_to_device(CTTensor tensor, const char *device) {
    return guarded([&] {
        Counting time;
        return wrap(tensor->value.to(at::Device(device)));
    });
}
CTTensor ct_to_channels_last(CTTensor tensor) {
    // Not contiguous(), which leaves a tensor of one channel with strides that say the opposite to the operators that ask.
    return guarded([&] {
        Counting time;
        return wrap(tensor->value.to(tensor->value.options(), false, false, at::MemoryFormat::ChannelsLast));
    });
}
bool ct_is_channels_last(CTTensor tensor) {
    return guarded([&] { return tensor->value.suggest_memory_format() == at::MemoryFormat::ChannelsLast; });
}

bool ct_set_requires_gradient(CTTensor tensor, bool on) {
    return guarded([&] { tensor->value.requires_grad_(on); return true; });
}
bool ct_requires_gradient(CTTensor tensor) { return tensor->value.requires_grad(); }
bool ct_backward(CTTensor loss) {
    return guarded([&] {
        Counting time;
        loss->value.backward();
        return true;
    });
}
CTTensor ct_gradient(CTTensor tensor) {
    return guarded([&]() -> CTTensor {
        const auto &gradient = tensor->value.grad();
        return gradient.defined() ? wrap(gradient) : nullptr;
    });
}
void ct_clear_gradient(CTTensor tensor) {
    Counting time;
    tensor->value.mutable_grad() = at::Tensor();
}
bool ct_set_gradient(CTTensor tensor, CTTensor gradient) {
    return guarded([&] { tensor->value.mutable_grad() = gradient->value; return true; });
}
bool ct_on_gradient(CTTensor tensor, CTHook hook, void *context, void (*release)(void *)) {
    std::shared_ptr<void> owned(context, release);
    return guarded([&] {
        tensor->value.register_hook([hook, owned](const at::Tensor &gradient) -> at::Tensor {
            CTTensor_ given{gradient};
            char reason[512] = "a hook failed";
            std::unique_ptr<CTTensor_> result(hook(owned.get(), &given, reason, sizeof reason));
            TORCH_CHECK(result, reason);
            return result->value;
        });
        return true;
    });
}
bool ct_set_gradients_enabled(bool on) {
    bool former = c10::GradMode::is_enabled();
    c10::GradMode::set_enabled(on);
    return former;
}
void ct_set_autocast(const char *device, bool enabled) {
    guarded([&] {
        auto type = at::Device(device).type();
        at::autocast::set_autocast_enabled(type, enabled);
        at::autocast::set_autocast_dtype(type, at::kBFloat16);
        return true;
    });
}
bool ct_autocast(const char *device) {
    return guarded([&] { return at::autocast::is_autocast_enabled(at::Device(device).type()); });
}
void ct_clear_autocast_cache(void) { at::autocast::clear_cache(); }

}
