import Neural

/// A text file, written under a temporary name first.
enum TextFile {
    static func write(_ text: String, to path: String) throws { try AtomicFile.write(text, to: path) }
}
