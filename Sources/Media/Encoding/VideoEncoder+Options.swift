extension VideoEncoder {
    /// How to encode.
    public struct Options: Sendable, Hashable {
        /// From 0 (small) to 1 (nearly as the input). The default looks good; each 0.2 is about 6 steps of x264's CRF.
        public var quality: Double
        /// Ticks per second of an MP4 or MOV; where nil, one on which the first two frames' times and all usual
        /// frame rates fall exactly.
        public var timescale: Int32?
        /// How many threads the encoder may use; 0 leaves it the choice.
        public var threads: Int
        /// The libavcodec encoder to use; where nil, the best one that is installed.
        package var codecName: String?

        public init(quality: Double = 0.6, timescale: Int32? = nil, threads: Int = 0) {
            self.quality = quality
            self.timescale = timescale
            self.threads = threads
        }
    }
}
