import Foundation
import Kernels

// `kernel-run KERNEL TIMES`, for valgrind; without arguments the kernels' names.

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 2, let times = Int(arguments[1]), let kernel = Kernel.all.first(where: { $0.name == arguments[0] }) else {
    Kernel.all.forEach { print($0.name) }
    exit(arguments.isEmpty ? 0 : 2)
}
for _ in 0..<times { try kernel.run() }
