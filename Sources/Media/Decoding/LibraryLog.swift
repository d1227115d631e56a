internal import CFFmpeg
internal import Foundation
internal import Synchronization

/// What libav* has to say: kept quiet, and its last complaint kept for the error that follows.
///
/// The libraries print to stderr unless told otherwise, which a command with its own messages cannot have. From the
/// first use of this module nothing is printed; the last error line of each thread inside `capture` becomes the `cause`
/// of the `MediaError` thrown there.
enum LibraryLog {
    /// The last error line of each thread that is inside `capture`.
    private static let lines = Mutex<[UInt: String]>([:])

    private static let installed: Void = {
        av_log_set_level(AV_LOG_ERROR)
        unsafe av_log_set_callback { context, level, format, arguments in
            guard level <= AV_LOG_ERROR, let format = unsafe format else { return }
            unsafe LibraryLog.record(context, level, format, arguments)
        }
    }()

    /// Makes the libraries quiet. Every entry into them comes through here first.
    static func silence() { _ = installed }

    /// Runs `body`, and returns with its result the last error that the libraries logged on this thread meanwhile.
    static func capture<Result>(_ body: () throws -> Result) rethrows -> (Result, lastError: String?) {
        silence()
        let thread = currentThread
        lines.withLock { $0[thread] = "" }
        defer { lines.withLock { $0[thread] = nil } }
        let result = try body()
        let line = lines.withLock { $0[thread] } ?? ""
        return (result, line.isEmpty ? nil : line)
    }

    private static var currentThread: UInt {
        #if canImport(Darwin)
            UInt(bitPattern: unsafe pthread_self())
        #else
            UInt(pthread_self())
        #endif
    }

    private static func record(
        _ context: UnsafeMutableRawPointer?, _ level: Int32, _ format: UnsafePointer<CChar>,
        _ arguments: CVaListPointer?
    ) {
        let thread = currentThread
        guard let arguments = unsafe arguments, lines.withLock({ $0[thread] != nil }) else { return }
        var buffer = [CChar](repeating: 0, count: 512)
        var withPrefix: Int32 = 0
        let count = unsafe buffer.withUnsafeMutableBufferPointer {
            unsafe av_log_format_line2(context, level, format, arguments, $0.baseAddress, Int32($0.count), &withPrefix)
        }
        guard count > 0 else { return }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        // Addresses in the prefix, `[mov @ 0x55…]`, mean nothing to the reader of an error.
        var line = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        if let at = line.range(of: " @ 0x"), let close = line[at.upperBound...].firstIndex(of: "]") {
            line.removeSubrange(at.lowerBound..<close)
        }
        if !line.isEmpty { lines.withLock { $0[thread] = line } }
    }
}

/// The library's own words for a status code.
func describe(status: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    _ = unsafe buffer.withUnsafeMutableBufferPointer { unsafe av_strerror(status, $0.baseAddress, $0.count) }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
