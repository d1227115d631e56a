/// Which Sora this is.
public enum Release {
    /// As `sora --version` says it.
    public static let version = "0.1.0"
}
