/* replaced by the layer's first module */ typedef int site_layer;
