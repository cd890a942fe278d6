/* replaced by the layer's first module */ typedef int text_layer;
