extension Reference {
    static func dropoutMask(_ rate: Float, _ stream: Int, _ seed: ReferenceTensor, _ shape: Shape) -> ReferenceTensor {
        let key = dropoutSeed(high: Int32(seed.values[0]), low: Int32(seed.values[1]))
        let stream = UInt64(bitPattern: Int64(stream))
        let mask = (0..<shape.elementCount).map { index in
            Double(dropoutFactor(bits: dropoutBits(seed: key, stream: stream, index: UInt64(index)), rate: rate))
        }
        return ReferenceTensor(shape, mask)
    }
}
