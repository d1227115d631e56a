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

    /// `self - other`, in this time's scale (rounded down where the scales differ).
    func minus(_ other: MediaTime) -> MediaTime {
        let wide = Int128(other.value) * Int128(timescale) / Int128(other.timescale)
        return MediaTime(value: Int64(clamping: Int128(value) - wide), timescale: timescale)
    }
}
