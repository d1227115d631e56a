internal import COneDNN

extension PlanBuilder {
    /// Pooling in whatever layout its input has.
    func pooling(_ node: Int, _ pooling: Pooling) throws {
        if pooledBefore.contains(node) { return }
        let x = operands(node)[0]
        let window = result(node, 1)
        let needsWindow = pooling.kind == .maximum && uses[window] != nil
        // The largest byte is that of the largest number, if both are worth the same.
        let poolsBytes = pooling.kind == .maximum && !needsWindow && byteScales[x] == byteScales[result(node)]
        let form = try (poolsBytes ? bytes(x) : nil) ?? image(x)
        if try tiledMaximum(node, pooling, form, needsWindow: needsWindow) { return }
        let y = try anyImage(result(node), form.descriptor.type)
        let primitive = try poolingForward(pooling, training: needsWindow, form.descriptor, y, label(node))
        let layout = try primitive.descriptor(.destination)
        let output = buffer(layout.byteCount, for: node)
        var writes = [(ArgumentName.destination, output, layout)]
        if needsWindow {
            let workspace = try primitive.descriptor(.workspace)
            let memory = buffer(workspace.byteCount, for: node)
            writes.append((.workspace, memory, workspace))
            try define(window, memory, workspace, .image)
            poolings[window] = .primitive(primitive)
        }
        try emit(primitive, reads: [(.source, form.buffer, form.descriptor)], writes: writes, for: node)
        try define(result(node), output, layout, .image)
    }

    /// Maximum pooling by our own kernel, where windows lie side by side.
    /// - Returns: whether it takes this one.
    private func tiledMaximum(_ node: Int, _ pooling: Pooling, _ form: Form, needsWindow: Bool) throws -> Bool {
        let (y, window, type) = (result(node), result(node, 1), form.descriptor.type)
        func layout(_ type: StorageType) throws -> MemoryDescriptor {
            try form.descriptor.blocks?.block == 16
                ? MemoryDescriptor(blocked: plainDescriptor(y, .image).dimensions, type: type)
                : plainDescriptor(y, .image, type)
        }
        let descriptor = try layout(type)
        guard let kernel = TiledMaximum(pooling, input: form.descriptor, output: descriptor) else { return false }
        let output = buffer(descriptor.byteCount, for: node)
        let places = needsWindow ? buffer(try layout(.uint8).byteCount, for: node) : nil
        emit(
            reads: [form.buffer], writes: [output] + (places.map { [$0] } ?? []), for: node, parallel: kernel.count,
            grain: kernel.grain
        ) { rows in
            unsafe kernel.run(rows, form.buffer.pointer, into: output.pointer, window: places?.pointer)
        }
        if let places {
            try define(window, places, layout(.uint8), .image)
            poolings[window] = .tiled(kernel, input: form.descriptor, output: descriptor)
        }
        try define(y, output, descriptor, .image)
        return true
    }

    /// `dy, window` → `dx`, after our own kernel.
    private func tiledMaximumGradient(
        _ node: Int, _ kernel: TiledMaximum, input: MemoryDescriptor, output: MemoryDescriptor
    ) throws {
        let inputs = operands(node)
        let (dy, window) = (try use(inputs[0], as: output, .image), try native(inputs[1]).buffer)
        let dx = buffer(input.byteCount, for: node)
        emit(reads: [dy, window], writes: [dx], for: node, parallel: kernel.count, grain: kernel.grain) { rows in
            unsafe kernel.goBack(rows, dy.pointer, window: window.pointer, into: dx.pointer)
        }
        try define(result(node), dx, input, .image)
    }

    /// Maximum: `dy, window` → `dx`; average: `dy` → `dx`.
    func poolingGradient(_ node: Int, _ pooling: Pooling) throws {
        let inputs = operands(node)
        let (dyLayout, dxLayout): (MemoryDescriptor, MemoryDescriptor)
        let forward: Primitive
        if pooling.kind == .maximum {
            switch poolings[inputs[1]] {
            case .primitive(let made): forward = made
            case .tiled(let kernel, let input, let output):
                return try tiledMaximumGradient(node, kernel, input: input, output: output)
            case nil: throw NeuralError(.unsupported, "\(label(node)) has no window of a maximum pooling")
            }
            (dyLayout, dxLayout) = (try forward.descriptor(.destination), try forward.descriptor(.source))
        } else {
            dyLayout = try image(inputs[0]).descriptor
            dxLayout = try anyImage(result(node), dyLayout.type)
            forward = try poolingForward(
                pooling, training: true, plainDescriptor(result(node), .image, dyLayout.type),
                anyImage(inputs[0], dyLayout.type), label(node))
        }
        let primitive = try Primitive(label(node)) { handle in
            var window = sdnn_window(pooling)
            return unsafe sdnn_pooling_backward(
                &handle, pooling.code, dxLayout.handle, dyLayout.handle, &window, forward.handle)
        }
        let layout = try primitive.descriptor(.sourceGradient)
        var reads = [(ArgumentName.destinationGradient, try use(inputs[0], as: dyLayout, .image), dyLayout)]
        if pooling.kind == .maximum {
            let window = try native(inputs[1])
            reads.append((.workspace, window.buffer, window.descriptor))
        }
        let output = buffer(layout.byteCount, for: node)
        try emit(primitive, reads: reads, writes: [(.sourceGradient, output, layout)], for: node)
        try define(result(node), output, layout, .image)
    }

    /// Enlargement in plain order.
    func upsample(_ node: Int, _ upsampling: Upsampling) throws {
        let (x, y) = (operands(node)[0], result(node))
        let (from, to) = (try plainDescriptor(x, .image), try plainDescriptor(y, .image))
        let primitive = try Primitive(label(node)) {
            unsafe sdnn_resampling_forward(&$0, upsampling.kind == .bilinear ? 1 : 0, from.handle, to.handle)
        }
        try emit(
            primitive, reads: [(.source, try plain(x), from)], writes: [(.destination, try makePlain(y), to)],
            for: node)
    }

    func upsampleGradient(_ node: Int, _ upsampling: Upsampling) throws {
        let (dy, dx) = (operands(node)[0], result(node))
        let (from, to) = (try plainDescriptor(dy, .image), try plainDescriptor(dx, .image))
        let primitive = try Primitive(label(node)) {
            unsafe sdnn_resampling_backward(&$0, upsampling.kind == .bilinear ? 1 : 0, to.handle, from.handle)
        }
        try emit(
            primitive, reads: [(.destinationGradient, try plain(dy), from)],
            writes: [(.sourceGradient, try makePlain(dx), to)], for: node)
    }

    /// The first form of an image, or its plain one if that is of another view.
    func image(_ value: Graph.Value) throws -> Form {
        let form = try native(value)
        if form.view == .image { return form }
        let buffer = try plain(value)
        return Form(buffer: buffer, descriptor: try plainDescriptor(value, .image), view: .image, isPlain: true)
    }

    func poolingForward(
        _ pooling: Pooling, training: Bool, _ x: MemoryDescriptor, _ y: MemoryDescriptor, _ label: String
    ) throws -> Primitive {
        try Primitive(label) { handle in
            var window = sdnn_window(pooling)
            return unsafe sdnn_pooling_forward(
                &handle, training ? 1 : 0, pooling.code, x.handle, y.handle, &window)
        }
    }
}

/// How a maximum pooling was done, which its gradient must know.
enum MaximumPooling {
    case primitive(Primitive)
    case tiled(TiledMaximum, input: MemoryDescriptor, output: MemoryDescriptor)
}

extension Pooling {
    /// The facade's number for the kind.
    var code: Int32 {
        switch kind {
        case .maximum: Int32(SDNN_POOL_MAXIMUM)
        case .average: Int32(SDNN_POOL_AVERAGE)
        case .averageIncludingPadding: Int32(SDNN_POOL_AVERAGE_WITH_PADDING)
        }
    }
}

extension sdnn_window {
    init(_ p: Pooling) {
        self.init(
            strides: p.stride.sizes, kernel: p.kernel.sizes, dilation: (0, 0), pad_before: p.padBefore.sizes,
            pad_after: p.padAfter.sizes)
    }
}
