internal import COneDNN

extension PlanBuilder {
    /// `x, scale, shift, [mean, variance]` → `y, [mean, variance, [window]]`
    func batchNormalization(_ node: Int, _ epsilon: Float, given: Bool, relu: Bool = false) throws {
        let inputs = operands(node)
        let (x, descriptor, view) = try channels(inputs[0])
        if !given, let kernel = BatchNormalization(descriptor, epsilon: epsilon) {
            return try batchNormalization(node, kernel, x, descriptor, view, relu: relu)
        }
        let primitive = try Primitive(label(node)) {
            unsafe sdnn_batch_normalization_forward(&$0, given ? 1 : 0, relu ? 1 : 0, descriptor.handle, epsilon)
        }
        let channel = try vector(graph.shape(inputs[1])[0])
        var reads = [
            (ArgumentName.source, x, descriptor), (.scale, try plain(inputs[1]), channel),
            (.shift, try plain(inputs[2]), channel),
        ]
        let output = buffer(descriptor.byteCount, for: node)
        var writes = [(ArgumentName.destination, output, descriptor)]
        if given {
            reads += [(.mean, try plain(inputs[3]), channel), (.variance, try plain(inputs[4]), channel)]
        } else {
            writes += [
                (.mean, try makePlain(result(node, 1)), channel), (.variance, try makePlain(result(node, 2)), channel),
            ]
        }
        if relu {
            let layout = try primitive.descriptor(.workspace)
            let window = buffer(layout.byteCount, for: node)
            writes.append((.workspace, window, layout))
            try define(result(node, 3), window, layout, .image)
        }
        try emit(primitive, reads: reads, writes: writes, inPlace: given ? (x, output) : nil, for: node)
        try defineChannels(result(node), output, descriptor, view)
    }

    /// `x, dy, scale, mean, variance, [window]` → `dx, dscale, dshift`
    func batchNormalizationGradient(_ node: Int, _ epsilon: Float, relu: Bool = false) throws {
        let inputs = operands(node)
        if relu, let (kernel, descriptor) = normalizations[inputs[5]] {
            return try batchNormalizationGradient(node, kernel, descriptor, .image)
        }
        let (x, descriptor, view) = try channels(inputs[0])
        if !relu, let kernel = BatchNormalization(descriptor, epsilon: epsilon) {
            return try batchNormalizationGradient(node, kernel, descriptor, view)
        }
        let dy = view == nil ? try plain(inputs[1]) : try use(inputs[1], as: descriptor, .image)
        let primitive = try Primitive(label(node)) {
            unsafe sdnn_batch_normalization_backward(&$0, relu ? 1 : 0, descriptor.handle, descriptor.handle, epsilon)
        }
        let channel = try vector(graph.shape(inputs[2])[0])
        var reads = [
            (ArgumentName.source, x, descriptor), (.destinationGradient, dy, descriptor),
            (.scale, try plain(inputs[2]), channel), (.mean, try plain(inputs[3]), channel),
            (.variance, try plain(inputs[4]), channel),
        ]
        if relu {
            let window = try native(inputs[5])
            reads.append((.workspace, window.buffer, window.descriptor))
        }
        // Where the library asks for a shift, the gradient does not depend on it: any vector will do.
        if sdnn_batch_normalization_backward_takes_shift() != 0 {
            reads.append((.shift, try plain(inputs[2]), channel))
        }
        let output = buffer(descriptor.byteCount, for: node)
        try emit(
            primitive, reads: reads,
            writes: [
                (.sourceGradient, output, descriptor), (.scaleGradient, try makePlain(result(node, 1)), channel),
                (.shiftGradient, try makePlain(result(node, 2)), channel),
            ], inPlace: (dy, output), for: node)
        try defineChannels(result(node), output, descriptor, view)
    }

    /// `x, scale, shift` → `y, mean, variance, [window]`, by our own kernel.
    private func batchNormalization(
        _ node: Int, _ kernel: BatchNormalization, _ x: PlanBuffer, _ descriptor: MemoryDescriptor, _ view: View?,
        relu: Bool
    ) throws {
        let inputs = operands(node)
        let (scale, shift) = (try plain(inputs[1]), try plain(inputs[2]))
        let (mean, variance) = (try makePlain(result(node, 1)), try makePlain(result(node, 2)))
        let scratch = buffer(kernel.scratchCount * MemoryLayout<Float>.size, for: node)
        let y = buffer(descriptor.byteCount, for: node)
        let window = relu ? buffer(kernel.windowBytes, for: node) : nil
        func places() -> BatchNormalization.Places {
            unsafe BatchNormalization.Places(
                x: x.pointer, mean: mean.floats, variance: variance.floats, scratch: scratch.floats,
                window: window?.pointer.assumingMemoryBound(to: UInt16.self))
        }
        let loops = [
            ParallelLoop(kernel.parts) { unsafe kernel.takeStatistics($0, places()) },
            ParallelLoop(kernel.channels, grain: 64) {
                unsafe kernel.joinStatistics($0, places(), scale: scale.floats)
            },
            ParallelLoop(kernel.segments, grain: kernel.grain) {
                unsafe kernel.normalize($0, places(), shift: shift.floats, into: y.pointer)
            },
        ]
        emit(
            reads: [x, scale, shift], writes: [y, mean, variance, scratch] + (window.map { [$0] } ?? []), for: node
        ) { for loop in loops { loop.run() } }
        try defineChannels(result(node), y, descriptor, view)
        if let window {
            let layout = try MemoryDescriptor([kernel.windowBytes], strides: [1], type: .uint8)
            try define(result(node, 3), window, layout, .image)
            normalizations[result(node, 3)] = (kernel, descriptor)
        }
    }

    /// `x, dy, scale, mean, variance, [window]` → `dx, dscale, dshift`, by our own kernel.
    private func batchNormalizationGradient(
        _ node: Int, _ kernel: BatchNormalization, _ descriptor: MemoryDescriptor, _ view: View?
    ) throws {
        let inputs = operands(node)
        func image(_ value: Graph.Value) throws -> PlanBuffer {
            try view.map { try use(value, as: descriptor, $0) } ?? plain(value)
        }
        let (x, dy, scale) = (try image(inputs[0]), try image(inputs[1]), try plain(inputs[2]))
        let (mean, variance) = (try plain(inputs[3]), try plain(inputs[4]))
        let window = inputs.count > 5 ? try native(inputs[5]).buffer : nil
        let (dscale, dshift) = (try makePlain(result(node, 1)), try makePlain(result(node, 2)))
        let scratch = buffer(kernel.scratchCount * MemoryLayout<Float>.size, for: node)
        let dx = buffer(descriptor.byteCount, for: node)
        func places() -> BatchNormalization.Places {
            unsafe BatchNormalization.Places(
                x: x.pointer, mean: mean.floats, variance: variance.floats, scratch: scratch.floats,
                window: window?.pointer.assumingMemoryBound(to: UInt16.self))
        }
        let loops = [
            ParallelLoop(kernel.parts) { unsafe kernel.sumGradients($0, places(), dy: dy.pointer) },
            ParallelLoop(kernel.channels, grain: 64) {
                unsafe kernel.joinGradients(
                    $0, places(), scale: scale.floats, dscale: dscale.floats, dshift: dshift.floats)
            },
            ParallelLoop(kernel.segments, grain: kernel.grain) {
                unsafe kernel.goBack($0, places(), dy: dy.pointer, into: dx.pointer)
            },
        ]
        emit(
            reads: [x, dy, scale, mean, variance] + (window.map { [$0] } ?? []),
            writes: [dx, dscale, dshift, scratch], inPlace: (dy, dx), for: node
        ) { for loop in loops { loop.run() } }
        try defineChannels(result(node), dx, descriptor, view)
    }

    /// `x, scale, shift` → `y, mean, variance`, over the last axis.
    func layerNormalization(_ node: Int, _ epsilon: Float) throws {
        let inputs = operands(node)
        let (data, statistics, feature) = try rows(inputs[0])
        let primitive = try Primitive(label(node)) {
            unsafe sdnn_layer_normalization_forward(&$0, data.handle, statistics.handle, epsilon)
        }
        try emit(
            primitive,
            reads: [
                (.source, try plain(inputs[0]), data), (.scale, try plain(inputs[1]), feature),
                (.shift, try plain(inputs[2]), feature),
            ],
            writes: [
                (.destination, try makePlain(result(node)), data), (.mean, try makePlain(result(node, 1)), statistics),
                (.variance, try makePlain(result(node, 2)), statistics),
            ], for: node)
    }

    /// `x, dy, scale, mean, variance` → `dx, dscale, dshift`
    func layerNormalizationGradient(_ node: Int, _ epsilon: Float) throws {
        let inputs = operands(node)
        let (data, statistics, feature) = try rows(inputs[0])
        let primitive = try Primitive(label(node)) {
            unsafe sdnn_layer_normalization_backward(&$0, data.handle, data.handle, statistics.handle, epsilon)
        }
        try emit(
            primitive,
            reads: [
                (.source, try plain(inputs[0]), data), (.destinationGradient, try plain(inputs[1]), data),
                (.scale, try plain(inputs[2]), feature), (.shift, try plain(inputs[2]), feature),
                (.mean, try plain(inputs[3]), statistics), (.variance, try plain(inputs[4]), statistics),
            ],
            writes: [
                (.sourceGradient, try makePlain(result(node)), data),
                (.scaleGradient, try makePlain(result(node, 1)), feature),
                (.shiftGradient, try makePlain(result(node, 2)), feature),
            ], for: node)
    }

    /// `x` as batch, channel and places: an image in its own layout, anything else as rows of channels (view nil).
    private func channels(_ value: Graph.Value) throws -> (PlanBuffer, MemoryDescriptor, View?) {
        if graph.shape(value).rank == 4 {
            // In half precision the library's fast kernels want whole blocks of channels, in single they do not.
            if imageType != .float32, graph.shape(value)[3] % ConvolutionWay.block != 0 {
                let descriptor = try plainDescriptor(value, .image)
                return (try use(value, as: descriptor, .image), descriptor, .image)
            }
            let form = try image(value)
            return (form.buffer, form.descriptor, .image)
        }
        let channels = graph.shape(value).dimensions.last ?? 1
        let rows = graph.shape(value).elementCount / max(channels, 1)
        let descriptor = try MemoryDescriptor([rows, channels, 1, 1], strides: [channels, 1, channels, channels])
        return (try plain(value), descriptor, nil)
    }

    private func defineChannels(
        _ value: Graph.Value, _ buffer: PlanBuffer, _ descriptor: MemoryDescriptor, _ view: View?
    ) throws {
        if let view { try define(value, buffer, descriptor, view) } else { try definePlain(value, buffer) }
    }

    /// `value` as a matrix with its last axis as columns, a number for each row, and one for each column.
    private func rows(_ value: Graph.Value) throws -> (MemoryDescriptor, MemoryDescriptor, MemoryDescriptor) {
        let columns = graph.shape(value).dimensions.last ?? 1
        let rows = graph.shape(value).elementCount / max(columns, 1)
        return (try matrix(rows, columns), try vector(rows), try vector(columns))
    }
}
