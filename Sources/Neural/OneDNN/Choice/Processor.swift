internal import Foundation

/// The processor that this runs on.
package enum Processor {
    /// Its name, family, model and features, as far as the system tells.
    package static let description: String = {
        #if os(Linux)
            let wanted = [
                "vendor_id", "cpu family", "model", "model name", "stepping", "flags", "Features", "CPU part",
            ]
            let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            let first = text.components(separatedBy: "\n\n").first ?? ""
            return first.split(separator: "\n").filter { line in
                wanted.contains { line.hasPrefix($0) }
            }.joined(separator: "; ")
        #else
            var size = 0
            unsafe sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
            var name = [UInt8](repeating: 0, count: max(size, 1))
            unsafe sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0)
            return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        #endif
    }()
}
