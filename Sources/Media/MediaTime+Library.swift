internal import CFFmpeg

extension MediaTime {
    /// Later than any frame.
    static let distantFuture = MediaTime(value: .max, timescale: 1)

    /// `timestamp * base` seconds; nil for the library's "no timestamp" and a base that is no time base.
    init?(_ timestamp: Int64, base: AVRational) {
        guard timestamp != sora_no_timestamp(), base.num > 0, base.den > 0 else { return nil }
        let (value, overflow) = timestamp.multipliedReportingOverflow(by: Int64(base.num))
        guard !overflow else { return nil }
        self.init(value: value, timescale: base.den)
    }

    /// `self + other`: exact where a timescale of 32 bits holds it, otherwise to the nanosecond.
    func plus(_ other: MediaTime) -> MediaTime {
        let (scale, otherScale) = (Int64(timescale), Int64(other.timescale))
        let sum = Int128(value) * Int128(otherScale) + Int128(other.value) * Int128(scale)
        let common = Int128(scale) * Int128(otherScale)
        var (a, b) = (sum.magnitude, common.magnitude)
        while b != 0 { (a, b) = (b, a % b) }
        let divisor = Int128(max(1, a))
        if let exact = Int32(exactly: common / divisor), let value = Int64(exactly: sum / divisor) {
            return MediaTime(value: value, timescale: exact)
        }
        return MediaTime(value: Int64(clamping: sum * 1_000_000_000 / common), timescale: 1_000_000_000)
    }

    /// `self - other`, in this time's scale (rounded down where the scales differ).
    package func minus(_ other: MediaTime) -> MediaTime {
        let wide = Int128(other.value) * Int128(timescale) / Int128(other.timescale)
        return MediaTime(value: Int64(clamping: Int128(value) - wide), timescale: timescale)
    }
}
