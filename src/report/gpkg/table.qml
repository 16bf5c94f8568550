{#- What the fields of a table without shapes are called, as QGIS 3.22 and newer read it. -#}
<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Fields|Forms">
  <aliases>
    {%- for field in layer.aliases %}
    <alias index="{{ loop.index0 }}" field="{{ field.name }}" name="{{ field.alias }}"/>
    {%- endfor %}
  </aliases>
  {%- if layer.label %}
  <previewExpression>&quot;{{ layer.label }}&quot;</previewExpression>
  {%- endif %}
</qgis>
