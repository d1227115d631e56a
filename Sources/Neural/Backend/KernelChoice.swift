internal import Foundation

/// How a backend chooses among the kernels that its library has for a convolution.
public enum KernelChoice: Sendable, Hashable {
    /// By the shapes alone: the same on every machine of a kind, and from run to run.
    case byRule
    /// By timing each kernel once for each shape, some tenths of a second in all for a small network, and choosing
    /// kernels and layouts of a whole plan together. What was timed is kept in a file in `folder` (nil: for this backend
    /// only), so later processes choose the same.
    case measured(folder: String?)

    /// Measured, and kept where programs of this user keep what can be made again: `$XDG_CACHE_HOME/sora`, by default
    /// `~/.cache/sora`; on macOS `~/Library/Caches/sora`. By rule where that cannot be written: a run that is resumed
    /// must find the kernels it began with.
    public static var measuredOnce: KernelChoice {
        let caches = FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask).first
        guard let folder = caches?.appendingPathComponent("sora"),
            (try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)) != nil,
            FileManager.default.isWritableFile(atPath: folder.path)
        else { return .byRule }
        return .measured(folder: folder.path)
    }
}
