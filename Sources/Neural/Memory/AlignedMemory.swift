internal import Foundation

/// A block of memory that begins at a multiple of 64 bytes and is freed with its owner.
@safe final class AlignedMemory {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    /// Memory whose contents are not set.
    /// - Throws: `NeuralError.backend` saying for what, if there is not enough.
    init(byteCount: Int, for purpose: @autoclosure () -> String) throws {
        try PhysicalMemory.require(byteCount, .backend, purpose())
        var made: UnsafeMutableRawPointer?
        let status = unsafe posix_memalign(&made, 64, max(64, byteCount))
        guard status == 0, let made = unsafe made else { throw PhysicalMemory.lacking(byteCount, .backend, purpose()) }
        unsafe base = unsafe made
        self.byteCount = byteCount
    }

    deinit { unsafe free(base) }
}

/// The memory of the machine, or of the container that the process is in, as the limit of what is asked of it.
///
/// Where the system promises more than it has, a block that is too large is had for the asking, and the process is
/// killed once it is written: so sizes are compared with the machine's first.
public enum PhysicalMemory {
    /// Bytes in all.
    public static let byteCount = min(ProcessInfo.processInfo.physicalMemory, containerLimit ?? .max)

    /// What Linux gives the process's control group, version 2 or 1; nil without a limit.
    private static var containerLimit: UInt64? {
        ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].lazy.compactMap { path in
            FileManager.default.contents(atPath: path).flatMap {
                UInt64(String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
            }
        }.first
    }

    /// - Throws: an error of `code` if the machine has less than `byteCount` bytes in all.
    static func require(_ byteCount: Int, _ code: NeuralError.Code, _ purpose: @autoclosure () -> String) throws {
        guard byteCount >= 0, UInt64(byteCount) <= Self.byteCount else { throw lacking(byteCount, code, purpose()) }
    }

    static func lacking(_ byteCount: Int, _ code: NeuralError.Code, _ purpose: String) -> NeuralError {
        func mebibytes(_ bytes: UInt64) -> String { "\(bytes >> 20) MiB" }
        return NeuralError(
            code,
            "\(purpose) takes \(mebibytes(UInt64(clamping: byteCount))), which cannot be had: the machine has "
                + "\(mebibytes(Self.byteCount)) in all")
    }
}
